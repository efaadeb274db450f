/** What one tab tells the others about the conversations. */
export type News =
  | { kind: 'changed'; id: string }
  /** Null: all of them. */
  | { kind: 'removed'; id: string | null };

const channel = new BroadcastChannel('sluice.conversations');

/** Tells the other tabs of this browser. */
export function tell(news: News): void {
  channel.postMessage(news);
}

/** Hears what other tabs tell; this tab's own news are not among it. */
export function hear(listener: (news: News) => void): void {
  channel.onmessage = event => listener(event.data as News);
}
