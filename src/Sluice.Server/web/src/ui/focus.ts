const touch = matchMedia('(pointer: coarse)');

/** The field that questions are typed into. */
export const composerBox = (): HTMLTextAreaElement | null => document.querySelector('#question');

/** Back to the composer; not on a touch screen, where that would open the keyboard over the answer. */
export function focusComposer(): void {
  if (!touch.matches) composerBox()?.focus();
}

/** Whether keys that are pressed now write somewhere. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Whether a key belongs to an input method that is putting a word together. Safari says so only through its key code. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;
