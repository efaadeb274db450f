import type { Message } from '../api/types';

/** Of an answer that was cut short the server may have stored less than has arrived here, which is kept while the page is open. */
export const withWhatArrived = (stored: Message, text: string): Message =>
  stored.partial === true && text.startsWith(stored.content) ? { ...stored, content: text } : stored;
