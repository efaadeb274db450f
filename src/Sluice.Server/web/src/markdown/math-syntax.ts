import type { TokenizerAndRendererExtension, Tokens } from 'marked';
import type { Slots } from './slots';

interface MathToken extends Tokens.Generic {
  tex: string;
  isDisplay: boolean;
}

// No formula is longer: else every opening without an end would be looked for through the whole text.
const block = /^ {0,3}(?:\$\$([^$](?:[^$]|\$(?!\$)){0,4000}?)\$\$|\\\[([\s\S]{1,4000}?)\\\])[ \t]*(?:\n+|$)/;
const inline = /^(?:\$\$([^$\n](?:[^$]|\$(?!\$)){0,4000}?)\$\$|\\\[([\s\S]{1,4000}?)\\\]|\\\(([\s\S]{1,4000}?)\\\))/;
// A dollar opens before something and closes behind something, and no letter or digit follows: prices, shell variables and the like stay text.
const dollar = /^\$(?![\s$])((?:\\[^\n]|[^\\$\n]){0,1000}?)(?<![\s\\])\$(?![\p{L}\p{N}$])/u;
// "$5 more than 10$" is no formula.
const price = /^\d[\d.,]*\s+\p{L}{2,}/u;

/** LaTeX in `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, left to slots. */
export function mathSyntax(slots: Slots): TokenizerAndRendererExtension[] {
  const renderer = (token: Tokens.Generic): string => {
    const { tex, isDisplay } = token as MathToken;
    return slots.mark({ kind: 'math', tex, isDisplay });
  };
  return [
    {
      name: 'mathBlock',
      level: 'block',
      start: source => at(source, /(?:^|\n) {0,3}(?:\$\$|\\\[)/),
      tokenizer(source) {
        const match = block.exec(source);
        const tex = (match?.[1] ?? match?.[2])?.trim();
        return match && tex ? { type: 'mathBlock', raw: match[0], tex, isDisplay: true } : undefined;
      },
      renderer,
    },
    {
      name: 'math',
      level: 'inline',
      start: source => at(source, /\$|\\[([]/),
      tokenizer(source) {
        const shown = inline.exec(source);
        const match = shown ?? dollar.exec(source);
        const tex = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim();
        if (!match || !tex || (!shown && price.test(tex))) return undefined;
        return { type: 'math', raw: match[0], tex, isDisplay: shown !== null && shown[3] === undefined };
      },
      renderer,
    },
  ];
}

function at(source: string, pattern: RegExp): number | undefined {
  const index = source.search(pattern);
  return index < 0 ? undefined : index;
}
