// The address of the page says which conversation it shows: `?c=cv_...`.

/** The id of the conversation in the address; empty for none. */
export function addressOf(search = location.search): string {
  return new URLSearchParams(search).get('c') ?? '';
}

/** The address of a conversation, relative to the page. */
export const link = (id: string): string => (id ? `?c=${encodeURIComponent(id)}` : location.pathname);

/** Puts a conversation into the address. Going where one is leaves no trace in the history. */
export function address(id: string, how: 'push' | 'replace'): void {
  if (addressOf() === id) return;
  if (how === 'push') history.pushState(null, '', link(id));
  else history.replaceState(null, '', link(id));
}

/** Hears that someone went back or forward. */
export function onBack(listener: () => void): void {
  addEventListener('popstate', listener);
}
