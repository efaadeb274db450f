import { CodeBlock } from './code-block';
import { element } from './elements';
import type { MarkdownWords } from './markdown-words';
import { MathNode } from './math-node';
import { Slots } from './slots';

/** What in a block is still to be finished once the block is: code that is to be coloured, formulas that are to be drawn. */
export interface Unfinished {
  code: CodeBlock[];
  math: MathNode[];
}

/** Puts into sanitised nodes what did not pass through HTML, and makes wide tables scroll in themselves. */
export function decorate(content: DocumentFragment, slots: Slots, words: MarkdownWords): Unfinished {
  const unfinished: Unfinished = { code: [], math: [] };
  for (const mark of content.querySelectorAll(`[${Slots.attribute}]`)) {
    const slot = slots.find(mark.getAttribute(Slots.attribute)!);
    if (slot?.kind === 'code') {
      const code = new CodeBlock(slot.language, slot.text, words);
      mark.replaceWith(code.root);
      unfinished.code.push(code);
    } else if (slot?.kind === 'math') {
      const math = new MathNode(slot.tex, slot.isDisplay);
      mark.replaceWith(math.root);
      if (!math.isDrawn) unfinished.math.push(math);
    } else {
      mark.remove();
    }
  }
  for (const table of content.querySelectorAll('table')) {
    const box = element('div', 'table-box', { tabindex: '0', role: 'group', 'aria-label': words.table });
    table.replaceWith(box);
    box.append(table);
  }
  return unfinished;
}
