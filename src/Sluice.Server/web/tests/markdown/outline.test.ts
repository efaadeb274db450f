import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { Outline } from '../../src/markdown/outline';

function depths(text: string): number[] {
  const outline = new Outline();
  const tokens = marked.lexer(text).filter(token => token.type !== 'space');
  tokens.forEach((token, i) => outline.place(i, token));
  return tokens.flatMap(token => (token.type === 'heading' ? [token['depth'] as number] : []));
}

describe('the outline of a text', () => {
  it('begins at its top, however deep the first heading was written', () => expect(depths('### A\n\ntext')).toEqual([1]));
  it('leaves no step out', () => expect(depths('## A\n\nx\n\n#### B\n\n# C\n\n### D\n\n### E\n\n##### F')).toEqual([1, 2, 1, 2, 2, 3]));
  it('is the same when a block is placed once more', () => {
    const outline = new Outline();
    const [first, second] = marked.lexer('# A\n### B').filter(token => token.type === 'heading');
    outline.place(0, first!);
    outline.place(1, second!);
    const again = { ...second!, depth: 3 };
    outline.place(1, again);
    expect(again.depth).toBe(2);
  });
});
