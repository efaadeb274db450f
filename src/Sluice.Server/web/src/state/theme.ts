import { effect, signal } from '@preact/signals';
import { choices } from './storage';

export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const isTheme = (text: string | null): text is Theme => themes.includes(text as Theme);

const kept = choices.get('theme');

/** The colours that were chosen. */
export const theme = signal<Theme>(isTheme(kept) ? kept : 'system');

/** Keeps the document in the chosen colours, and the browser's own bars with it. */
export function followTheme(): void {
  const bars = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')].map(meta => ({ meta, own: meta.content }));
  effect(() => {
    const chosen = theme.value;
    choices.set('theme', chosen === 'system' ? '' : chosen);
    if (chosen === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
    const one = bars.find(({ meta }) => meta.media.includes(chosen))?.own;
    for (const { meta, own } of bars) meta.content = one ?? own;
  });
}
