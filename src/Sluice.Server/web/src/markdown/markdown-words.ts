/** What the rendered text says by itself. */
export interface MarkdownWords {
  /** The label of a code block's button. */
  copy: string;
  /** The same, just after it was used. */
  copied: string;
  /** Names a code block for those who do not see it; `language` may be empty. */
  code(language: string): string;
  /** Names a table that scrolls in itself. */
  table: string;
  /** Names a link to an image, which is never fetched by itself; `alt` may be empty. */
  image(alt: string, host: string): string;
}

/** In English. */
export const englishWords: MarkdownWords = {
  copy: 'Copy the code',
  copied: 'Copied',
  code: language => (language ? `Code, ${language}` : 'Code'),
  table: 'Table',
  image: (alt, host) => `Image: ${alt || host}`,
};
