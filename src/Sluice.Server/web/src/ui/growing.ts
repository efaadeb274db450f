import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Makes a field as high as what is typed into it; its style says how high at most. */
export function fit(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
}

/** Keeps a field as high as its text. */
export function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (box.current) fit(box.current);
  }, [text]);
}
