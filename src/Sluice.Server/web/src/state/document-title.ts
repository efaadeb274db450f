import { effect } from '@preact/signals';
import { runningIds } from './running';
import { current } from './threads';

/** The title of the document: what is shown, with a dot before it while an answer is on its way. */
export function titleFor(title: string, isRunning: boolean): string {
  return `${isRunning ? '● ' : ''}${title ? `${title} · Sluice` : 'Sluice'}`;
}

/** Keeps it up to date. */
export function followTitle(): void {
  effect(() => {
    document.title = titleFor(current.value.title.value, runningIds.value.size > 0);
  });
}
