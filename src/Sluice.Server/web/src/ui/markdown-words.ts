import type { MarkdownWords } from '../markdown/markdown-words';
import { words } from '../words';

/** What rendered text says by itself, in the reader's language. */
export const markdownWords: MarkdownWords = { copy: words.copyCode, copied: words.copied, code: words.code, table: words.table, image: words.image };
