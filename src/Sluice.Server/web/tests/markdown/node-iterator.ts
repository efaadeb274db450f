// happy-dom's NodeIterator loses its way when the node that it stands at is removed, and the sanitiser does just that. This one does what the DOM
// Standard says (pre-removing steps, section 6.1). Import it before anything that sanitises.

class ConformingIterator {
  readonly #root: Node;
  readonly #shown: number;
  #at: Node | null = null;
  #before: Node | null = null;

  constructor(root: Node, shown = -1) {
    this.#root = root;
    this.#shown = shown;
  }

  nextNode(): Node | null {
    for (;;) {
      const next = this.#at === null ? this.#root : following(this.#root.contains(this.#at) ? this.#at : this.#before!, this.#root);
      if (!next) return null;
      this.#at = next;
      this.#before = preceding(next);
      if ((this.#shown >>> (next.nodeType - 1)) & 1) return next;
    }
  }
}

function following(node: Node, root: Node): Node | null {
  if (node.firstChild) return node.firstChild;
  for (let at: Node | null = node; at && at !== root; at = at.parentNode) if (at.nextSibling) return at.nextSibling;
  return null;
}

function preceding(node: Node): Node | null {
  let at = node.previousSibling;
  if (!at) return node.parentNode;
  while (at.lastChild) at = at.lastChild;
  return at;
}

Document.prototype.createNodeIterator = ((root: Node, shown?: number) => new ConformingIterator(root, shown)) as unknown as Document['createNodeIterator'];
