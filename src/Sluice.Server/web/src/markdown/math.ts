// Fetched only once there is a formula.
import './math.css';
import temml from 'temml';
import { type MathTree, mathNodes } from './math-nodes';

// A paragraph that grows is drawn again and again, with the same formulas in it.
const most = 300;
const drawn = new Map<string, MathTree | null>();

/** A formula as MathML; null where it is none that can be read. */
export function formula(tex: string, isDisplay: boolean): Node | null {
  const key = `${isDisplay ? 'd' : 'i'}${tex}`;
  let tree = drawn.get(key);
  if (tree === undefined) {
    tree = read(tex, isDisplay);
    if (drawn.size >= most) drawn.clear();
    drawn.set(key, tree);
  }
  return tree && mathNodes(tree);
}

function read(tex: string, isDisplay: boolean): MathTree | null {
  try {
    return temml.__renderToMathMLTree(tex, { displayMode: isDisplay, throwOnError: true, trust: false, strict: false, maxExpand: 200, maxSize: [10, 50], wrap: 'none' }) as MathTree;
  } catch {
    // Whatever it does not take stays as it was written.
    return null;
  }
}
