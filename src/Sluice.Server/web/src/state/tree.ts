// A conversation is a tree: an edited question is a sibling of the old one, an answer asked for again a sibling of the old answer.

/** What the tree has to know of a message. */
export interface Leafy {
  id: string;
  parent: string | null;
  role: string;
}

/** A question with the answer that is shown. One of the two may be missing, never both. */
export interface Turn<T> {
  question: T | null;
  answer: T | null;
}

/** The messages of one conversation by what follows what. Messages come the oldest first; that order decides which of several is the newest. */
export class Tree<T extends Leafy> {
  readonly #byId: Map<string, T>;
  readonly #children = new Map<string | null, T[]>();

  constructor(messages: Iterable<T>) {
    this.#byId = new Map([...messages].map(message => [message.id, message]));
    for (const message of this.#byId.values()) {
      const parent = this.#parentOf(message)?.id ?? null;
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(message);
      else this.#children.set(parent, [message]);
    }
  }

  get(id: string | null): T | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  /** The messages that are shown with that head, the first one first: through the head down to a leaf. An unknown head is the newest branch. */
  path(head: string | null): T[] {
    const leaf = this.leaf(this.get(head) ? head : null);
    const path: T[] = [];
    const seen = new Set<string>();
    for (let message = leaf; message && !seen.has(message.id); message = this.#parentOf(message)) {
      seen.add(message.id);
      path.push(message);
    }
    return path.reverse();
  }

  /** The branches that a message is one of, itself included, the oldest first. */
  siblings(id: string): T[] {
    const message = this.#byId.get(id);
    if (!message) return [];
    const parent = this.#parentOf(message)?.id ?? null;
    return this.#children.get(parent)!.filter(other => other.role === message.role);
  }

  /** The last message of the newest branch below that one; of the whole tree for null. */
  leaf(id: string | null): T | undefined {
    let message = this.get(id);
    const seen = new Set<string>();
    for (;;) {
      const next = this.#children.get(message?.id ?? null)?.at(-1);
      if (!next || seen.has(next.id)) return message;
      seen.add(next.id);
      message = next;
    }
  }

  /** Whether a message is on the way from the root to that head. */
  isOnPath(id: string, head: string | null): boolean {
    return this.path(head).some(message => message.id === id);
  }

  /** The shown branch as questions with their answers. */
  turns(head: string | null): Turn<T>[] {
    const turns: Turn<T>[] = [];
    for (const message of this.path(head)) {
      const last = turns.at(-1);
      if (message.role === 'user') turns.push({ question: message, answer: null });
      else if (message.role === 'assistant' && last?.question && !last.answer) last.answer = message;
      else turns.push({ question: null, answer: message });
    }
    return turns;
  }

  // A parent that is not there, or that is the message itself, makes it a first message.
  #parentOf(message: T): T | undefined {
    return message.parent === message.id ? undefined : this.get(message.parent);
  }
}
