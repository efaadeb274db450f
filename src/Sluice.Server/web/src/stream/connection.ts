import { createParser } from 'eventsource-parser';
import { Pace } from './pace';
import type { Problem } from './problem';
import { isBusy, readProblem, retryAfterOf } from './refusal';

/** One request for events. */
export interface EventRequest {
  url: string;
  init: RequestInit;
  /** Whether it asks; else it only reads. */
  isAsking: boolean;
}

/** How a connection came to its end. */
export type Closing =
  /** It broke, or the server closed it; `retryMs` is the pause that the server asked for. */
  | { kind: 'cut'; wasOpen: boolean; retryMs: number | null }
  /** 204: nothing is to come. */
  | { kind: 'nothing' }
  /** The server is there, but takes nothing now. */
  | { kind: 'busy'; problem: Problem }
  | { kind: 'refused'; problem: Problem };

/** Hears one connection. */
export interface ConnectionListener {
  opened(headers: Headers): void;
  message(data: string, id: string): void;
  /** Bytes have come, whatever they were. */
  alive(): void;
  comment(): void;
}

const cut: Closing = { kind: 'cut', wasOpen: false, retryMs: null };

/** Makes one connection and reads it to its end. Never rejects: an abort, too, is a cut. */
export async function connect(request: EventRequest, on: ConnectionListener, signal: AbortSignal): Promise<Closing> {
  let response: Response;
  try {
    response = await fetch(request.url, { ...request.init, cache: 'no-store', signal });
  } catch {
    // The network's own words say nothing that a reader could use.
    return cut;
  }
  if (signal.aborted) return cut;
  if (response.status === 204) return { kind: 'nothing' };
  if (!response.ok) return refusal(request, response);
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream') || !response.body) {
    return request.isAsking ? { kind: 'refused', problem: { code: 'not_events', retryable: false, refused: true } } : cut;
  }
  on.opened(response.headers);
  return read(response.body, on, signal);
}

async function read(body: ReadableStream<Uint8Array>, on: ConnectionListener, signal: AbortSignal): Promise<Closing> {
  let events = 0;
  let retryMs: number | null = null;
  const parser = createParser({
    onEvent(event) {
      // What came in one piece with the event that made its reader go is not for it any more.
      if (signal.aborted) return;
      events++;
      on.message(event.data, event.id ?? '');
    },
    onComment: () => on.comment(),
    onRetry: pause => (retryMs = pause),
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const pace = new Pace();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) break;
      parser.feed(decoder.decode(value, { stream: true }));
      on.alive();
      await pace.next();
    }
  } catch {
    // However it broke, what follows is the same.
  }
  if (signal.aborted) return { kind: 'cut', wasOpen: true, retryMs: null };
  // It took the call and closed it without an event, and has said when to come back.
  if (events === 0 && retryMs !== null) return { kind: 'busy', problem: { code: 'busy', retryable: true, refused: true, retryAfterMs: retryMs } };
  return { kind: 'cut', wasOpen: true, retryMs };
}

async function refusal(request: EventRequest, response: Response): Promise<Closing> {
  const { problem, isOurs } = await readProblem(response);
  if (response.status === 401) return { kind: 'refused', problem: { ...problem, code: 'invalid_api_key' } };
  if (isBusy(response, problem)) {
    const retryAfterMs = retryAfterOf(response);
    return { kind: 'busy', problem: { ...problem, retryable: true, ...(retryAfterMs === null ? {} : { retryAfterMs }) } };
  }
  // A proxy without its server says no more than that the server is away.
  if (!isOurs && (response.status >= 500 || !request.isAsking)) return cut;
  return { kind: 'refused', problem };
}
