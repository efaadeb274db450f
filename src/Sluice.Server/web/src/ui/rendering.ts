import { signal } from '@preact/signals';
import type { Sink } from './answer-pipe';
import { markdownWords } from './markdown-words';
import { PlainView } from './plain-view';

/** Something that shows a text in an element, until it is let go. */
export type View = Sink & { dispose(): void };

type Engine = typeof import('./engine');

/** What renders answers; null until it is here. */
export const engine = signal<Engine | null>(null);

let isAsked = false;

/** Fetches what renders answers. Where that fails they are shown as plain text, and the next answer tries again. */
export function loadEngine(): void {
  if (isAsked) return;
  isAsked = true;
  import('./engine').then(module => (engine.value = module), () => (isAsked = false));
}

/** A view of a text: as Markdown, or plain while what renders that is not here. */
export function viewIn(root: HTMLElement, using: Engine | null): View {
  return using ? new using.MarkdownView(root, markdownWords) : new PlainView(root);
}
