import type { Asked, AskRequest } from './ask-request';
import type { EventRequest } from './connection';

/** The request that asks. However often it is sent, the question is asked once: its key says that it is the same one. */
export function questionOf(request: AskRequest, key: string): EventRequest {
  return {
    url: 'ask/stream',
    init: {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', 'Idempotency-Key': key },
      body: JSON.stringify(request),
    },
    isAsking: true,
  };
}

/** The ids that the server keeps question and answer under. */
export const askedOf = (headers: Headers): Asked => ({
  conversation: headers.get('X-Sluice-Conversation-Id') ?? '',
  question: headers.get('X-Sluice-Question-Id') ?? '',
  answer: headers.get('X-Sluice-Answer-Id') ?? '',
});

/** A name for one asking. */
// `crypto.randomUUID` is missing on plain http from another machine.
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
