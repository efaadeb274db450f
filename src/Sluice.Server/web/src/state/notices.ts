import { signal } from '@preact/signals';

/** Milliseconds that a notice stays; one with an action stays as long as the action can be taken. */
export const noticeTime = 6_000;

/** Something that is said beside the conversation, for a while. */
export interface Notice {
  id: number;
  text: string;
  action?: { label: string; run(): void };
}

export const notices = signal<readonly Notice[]>([]);

let last = 0;

/** Says something. It goes by itself. */
export function announce(text: string, action?: Notice['action']): Notice {
  const notice: Notice = { id: ++last, text, ...(action ? { action } : {}) };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => dismiss(notice), noticeTime);
  return notice;
}

export function dismiss(notice: Notice): void {
  notices.value = notices.value.filter(other => other !== notice);
}
