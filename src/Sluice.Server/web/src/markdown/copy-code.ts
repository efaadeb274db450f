import type { MarkdownWords } from './markdown-words';

// Milliseconds that the button says what it did.
const thanks = 2_000;

/** Makes the copy buttons of all code blocks below `root` work, with one listener, until the signal. */
export function copyCode(root: HTMLElement, words: MarkdownWords, signal: AbortSignal): void {
  root.addEventListener('click', async e => {
    const button = (e.target as Element).closest?.('button.code-copy');
    const code = button?.closest('.code-block')?.querySelector('pre');
    if (!button || !code) return;
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
    } catch {
      // The browser does not let it: the button says nothing then.
      return;
    }
    name(button, words.copied);
    button.classList.add('done');
    setTimeout(() => {
      name(button, words.copy);
      button.classList.remove('done');
    }, thanks);
  }, { signal });
}

function name(button: Element, text: string): void {
  button.setAttribute('aria-label', text);
  button.setAttribute('title', text);
}
