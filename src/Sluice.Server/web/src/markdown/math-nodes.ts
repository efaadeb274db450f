/** What temml makes of a formula: an element, a text, or a fragment of them. */
export interface MathTree {
  type?: string;
  text?: string;
  attributes?: Record<string, unknown>;
  classes?: string[];
  style?: Record<string, unknown>;
  children?: MathTree[];
}

const namespace = 'http://www.w3.org/1998/Math/MathML';

// MathML Core, without anything that links, embeds or acts.
const elements = new Set([
  'math', 'menclose', 'merror', 'mfrac', 'mi', 'mmultiscripts', 'mn', 'mo', 'mover', 'mpadded', 'mphantom', 'mprescripts', 'mroot', 'mrow', 'ms', 'mspace',
  'msqrt', 'mstyle', 'msub', 'msubsup', 'msup', 'mtable', 'mtd', 'mtext', 'mtr', 'munder', 'munderover', 'none',
]);
const attributes = new Set([
  'accent', 'accentunder', 'columnalign', 'columnlines', 'columnspacing', 'depth', 'display', 'displaystyle', 'fence', 'form', 'height', 'largeop', 'linethickness', 'lspace',
  'mathbackground', 'mathcolor', 'mathsize', 'mathvariant', 'maxsize', 'minsize', 'movablelimits', 'notation', 'rowlines', 'rowspacing', 'rspace', 'scriptlevel', 'separator',
  'stretchy', 'symmetric', 'voffset', 'width',
]);
const styles = new Set([
  'border', 'borderBottom', 'borderLeft', 'borderRight', 'borderTop', 'color', 'fontFamily', 'fontSize', 'fontStyle', 'fontWeight', 'height', 'marginLeft', 'marginRight',
  'mathDepth', 'mathStyle', 'padding', 'paddingBottom', 'paddingLeft', 'paddingRight', 'paddingTop', 'textAlign', 'verticalAlign', 'width',
]);
// Neither addresses nor anything else that is not a plain value.
const value = /^[\w .,#%+()-]*$/;
const className = /^(?:tml-[a-z0-9-]+|mathcal|mathscr|menclose|upstrike|downstrike|sout|circle-pad|textcircle|actuarial|longdiv-top|longdiv-arc)$/;

/**
 * Makes nodes of a formula: only elements, attributes and styles that are known. Nothing is parsed as HTML. Styles are set one by one, since
 * the page's policy takes none from an attribute.
 */
export function mathNodes(tree: MathTree): Node {
  if (tree.text !== undefined) return document.createTextNode(tree.text);
  // What is not known leaves only what is in it.
  if (tree.type === undefined || !elements.has(tree.type)) return withChildren(document.createDocumentFragment(), tree);
  const node = document.createElementNS(namespace, tree.type) as MathMLElement;
  for (const [name, raw] of Object.entries(tree.attributes ?? {})) {
    if (attributes.has(name) && value.test(String(raw))) node.setAttribute(name, String(raw));
  }
  const classes = (tree.classes ?? []).filter(name => className.test(name));
  if (classes.length > 0) node.setAttribute('class', classes.join(' '));
  for (const [name, raw] of Object.entries(tree.style ?? {})) {
    if (styles.has(name) && value.test(String(raw))) node.style.setProperty(name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), String(raw));
  }
  return withChildren(node, tree);
}

function withChildren<T extends ParentNode & Node>(node: T, tree: MathTree): T {
  for (const child of tree.children ?? []) node.append(mathNodes(child));
  return node;
}
