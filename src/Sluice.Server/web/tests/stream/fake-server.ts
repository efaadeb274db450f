import { vi } from 'vitest';

/** One connection as the page sees it: what was asked, and a body to write into. */
export class FakeConnection {
  readonly url: string;
  readonly init: RequestInit;
  readonly #encoder = new TextEncoder();
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;
  #answer!: (response: Response) => void;
  #fail!: (problem: unknown) => void;
  readonly response: Promise<Response>;

  constructor(url: string, init: RequestInit) {
    this.url = url;
    this.init = init;
    this.response = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
    });
    init.signal?.addEventListener('abort', () => {
      this.#fail(new DOMException('aborted', 'AbortError'));
      this.#end(new DOMException('aborted', 'AbortError'));
    });
  }

  get isAborted(): boolean {
    return this.init.signal?.aborted ?? false;
  }

  header(name: string): string | null {
    return new Headers(this.init.headers).get(name);
  }

  /** 200 and events to come. */
  open(headers: Record<string, string> = {}): this {
    const body = new ReadableStream<Uint8Array>({ start: controller => void (this.#body = controller) });
    this.#answer(new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8', ...headers } }));
    return this;
  }

  refuse(status: number, error: object | string | null = null, headers: Record<string, string> = {}): void {
    this.#answer(new Response(status === 204 ? null : typeof error === 'string' ? error : JSON.stringify({ error }), { status, headers }));
  }

  /** The network fails before an answer. */
  fail(): void {
    this.#fail(new TypeError('Failed to fetch'));
  }

  send(...pieces: string[]): this {
    for (const piece of pieces) this.#body!.enqueue(this.#encoder.encode(piece));
    return this;
  }

  sendBytes(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#body!.enqueue(bytes);
  }

  /** The server closes, or (with a problem) the network does. */
  close(problem?: unknown): void {
    this.#end(problem);
  }

  #end(problem: unknown): void {
    const body = this.#body;
    this.#body = null;
    if (problem === undefined) body?.close();
    else body?.error(problem);
  }
}

/** Stands in for `fetch`: keeps every connection, in the order in which they were made. */
export class FakeServer {
  readonly connections: FakeConnection[] = [];

  constructor() {
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
      const connection = new FakeConnection(url, init);
      this.connections.push(connection);
      return connection.response;
    });
  }

  get last(): FakeConnection {
    return this.connections.at(-1)!;
  }

  /** Connections that ask or read, without those that cancel. */
  get streams(): FakeConnection[] {
    return this.connections.filter(one => !one.url.endsWith('/cancel'));
  }
}

export const streamId = 'st_AAAAAAAAAAAAAAAAAAAAAA';

/** An event as the server writes it. */
export const event = (seq: number | null, data: object): string => `${seq === null ? '' : `id: ${streamId}.${seq}\n`}data: ${JSON.stringify(data)}\n\n`;
export const start = event(1, { type: 'start', stream_id: streamId, model: 'chat', question: 'q' });
export const delta = (seq: number, content: string): string => event(seq, { type: 'delta', content });
export const end = (seq: number, answer: string): string =>
  event(seq, { type: 'end', answer, finish_reason: 'stop', usage: { completion_tokens: 7 }, model: 'gpt', ttft_ms: 12, attempts: 1 });
export const named = { 'X-Sluice-Stream-Id': streamId, 'X-Sluice-Conversation-Id': 'cv_1', 'X-Sluice-Question-Id': 'ms_1', 'X-Sluice-Answer-Id': 'ms_2' };

/** Lets everything run that is due without time passing. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await vi.advanceTimersByTimeAsync(0);
}
