import { Lexer, Marked, type RendererObject, type Token, Tokenizer, type TokenizerObject, type TokensList } from 'marked';
import { escape } from './escape';
import type { MarkdownWords } from './markdown-words';
import { mathSyntax } from './math-syntax';
import { tameHtml, tameText } from './raw-html';
import { hostOf, safeLink } from './safe-link';
import { Slots } from './slots';

/** Definitions of links that a document has made, by name. */
export type Links = TokensList['links'];

// Quotes and lists within each other; what is nested deeper is text. Without a limit a line of `>` alone would fill the stack.
const deepest = 24;

// Headings of an answer stand below those of the page.
const deeper = 2;

/** The Markdown that is understood (GFM and LaTeX), and the HTML that it becomes before sanitising. */
export class Grammar {
  readonly #slots = new Slots();
  readonly #marked: Marked;
  // Within a link there is no other.
  #linkDepth = 0;

  constructor(words: MarkdownWords) {
    const slots = this.#slots;
    const grammar = this;
    const renderer: RendererObject = {
      heading({ tokens, depth }) {
        const level = Math.min(6, depth + deeper);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      code: ({ text, lang }) => slots.mark({ kind: 'code', text, language: lang ?? '' }),
      link({ href, tokens }) {
        grammar.#linkDepth++;
        const text = this.parser.parseInline(tokens);
        grammar.#linkDepth--;
        const address = safeLink(href);
        return address && grammar.#linkDepth === 0 ? `<a href="${escape(address)}">${text}</a>` : text;
      },
      image({ href, text }) {
        const address = safeLink(href);
        if (!address || grammar.#linkDepth > 0) return escape(text);
        return `<a href="${escape(address)}">${escape(words.image(text, hostOf(address)))}</a>`;
      },
      html: ({ text }) => tameHtml(text),
      // Within some tags text counts as raw, and would pass as it is.
      text: token => ('escaped' in token && token.escaped ? tameText(token.text) : false),
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    };
    let depth = 0;
    const nested = <T>(read: () => T): T | undefined => {
      if (depth >= deepest) return undefined;
      depth++;
      try {
        return read();
      } finally {
        depth--;
      }
    };
    const tokenizer: TokenizerObject = {
      blockquote(source) {
        return nested(() => Tokenizer.prototype.blockquote.call(this, source));
      },
      list(source) {
        return nested(() => Tokenizer.prototype.list.call(this, source));
      },
    };
    this.#marked = new Marked({ gfm: true, renderer, tokenizer, extensions: mathSyntax(slots) });
  }

  /** Finds the blocks of a text; `links` is what was defined before it, and gets what is defined in it. */
  lex(text: string, links: Links): Token[] {
    const reading = this.reading(text, links);
    for (;;) {
      const step = reading.next();
      if (step.done) return step.value;
    }
  }

  /** The same in small steps, for a text that is too long to be read in one go: first its blocks, then the words of one after the other. */
  *reading(text: string, links: Links): Generator<void, Token[]> {
    const lexer = new Lexer(this.#marked.defaults);
    lexer.tokens.links = links;
    try {
      lexer.blockTokens(text.replace(/\r\n|\r/g, '\n'), lexer.tokens);
      for (const { src, tokens } of lexer.inlineQueue) {
        yield;
        lexer.state.inRawBlock = false;
        lexer.inlineTokens(src, tokens);
      }
      return lexer.tokens;
    } catch (problem) {
      if (!(problem instanceof RangeError)) throw problem;
      // Nested deeper than the stack: nothing that a reader could make sense of.
      return [{ type: 'text', raw: text, text, escaped: false }];
    }
  }

  /** One block as HTML, not sanitised yet, with its slots, and a key that is the same only for what looks the same. */
  render(token: Token): { html: string; key: string; slots: Slots } {
    this.#linkDepth = 0;
    let html: string;
    try {
      html = this.#marked.parser([token]);
    } catch (problem) {
      if (!(problem instanceof RangeError)) throw problem;
      html = `<p>${escape(token.raw)}</p>`;
    }
    const slots = this.#slots.take();
    return { html, key: html + slots.key, slots };
  }
}
