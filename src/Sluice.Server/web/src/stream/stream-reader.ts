import { Backoff } from './backoff';
import { type Closing, connect, type EventRequest } from './connection';
import { seqOf } from './cursor';
import { Patience } from './patience';
import type { Problem } from './problem';
import type { StreamEvent } from './stream-event';
import { Watchdog } from './watchdog';

// Milliseconds. Without a connection until the page gives up; the same where the server was never reached, and where it is there but takes
// nothing now; of a connection that counts as a good one without a word.
const patience = 30_000;
const patienceUnreached = 10_000;
const patienceBusy = 120_000;
const proven = 5_000;

/** How the connection stands. `lost` is given up, unless the network comes back. */
export type Link = 'open' | 'reconnecting' | 'busy' | 'lost';

/** Hears a reader. */
export interface ReaderListener {
  event(event: StreamEvent, seq: number | null): void;
  link(link: Link, problem: Problem | null): void;
  /** A comment has come: the connection lives, and has nothing to say. */
  alive(): void;
  /** The server has taken the question; only of a reader that asks. */
  asked(headers: Headers): void;
  /** No more comes, for good. Null: the server says that there is nothing. */
  over(problem: Problem | null): void;
}

/** Where to go on: after event `seq` of the stream; an empty id where there is none yet. */
export interface Position {
  id: string;
  seq: number;
}

/**
 * Reads one stream, over as many connections as it takes:
 * 1. connects: asks (always the same question with the same key), or once there is a stream reads on behind the last event that was taken;
 * 2. reads until that breaks, stalls or is dropped;
 * 3. pauses, and goes on with 1, until `close`. Patience running out changes what is said, and then only the network's return tries again.
 */
export class StreamReader {
  readonly #question: EventRequest | null;
  readonly #position: () => Position;
  readonly #on: ReaderListener;
  readonly #backoff = new Backoff();
  readonly #watchdog = new Watchdog(() => this.drop());
  readonly #patience = new Patience(() => this.#giveUp());
  #abort = new AbortController();
  #wake: (() => void) | null = null;
  #link: Link | null = null;
  #problem: Problem | null = null;
  #openedAt = 0;
  #isOpen = false;
  #wasReached = false;
  #isOver = false;
  #isHurried = false;
  #resyncedAt = -1;
  readonly #onOnline = (): void => this.#hurry();
  readonly #onSeen = (): void => {
    if (document.visibilityState === 'visible') this.#hurry();
  };

  /** @param question What to ask, or null for a stream that is there already. */
  constructor(question: EventRequest | null, position: () => Position, on: ReaderListener) {
    this.#question = question;
    this.#position = position;
    this.#on = on;
  }

  /** Begins; once. */
  start(): void {
    addEventListener('online', this.#onOnline);
    document.addEventListener('visibilitychange', this.#onSeen);
    void this.#run();
  }

  /** Cuts the connection, as the network would. */
  drop(): void {
    this.#abort.abort();
  }

  /**
   * Reads again from behind the last event that was taken, at once: something in between did not come. False where that was done from there
   * before: the server has nothing in between.
   */
  resync(): boolean {
    const { seq } = this.#position();
    if (seq === this.#resyncedAt) return false;
    this.#resyncedAt = seq;
    this.#isHurried = true;
    this.#abort.abort();
    return true;
  }

  /** Ends, for good; nothing is told any more. */
  close(): void {
    this.#isOver = true;
    this.#patience.stop();
    this.#watchdog.stop();
    removeEventListener('online', this.#onOnline);
    document.removeEventListener('visibilitychange', this.#onSeen);
    this.#abort.abort();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      this.#abort = new AbortController();
      this.#isOpen = false;
      this.#watchdog.start();
      const closing = await connect(this.#request(), this.#listener, this.#abort.signal);
      this.#watchdog.stop();
      if (this.#isOver) return;
      if (closing.kind === 'nothing') return this.#finish(null);
      if (closing.kind === 'refused') return this.#finish(closing.problem);
      const pause = this.#pauseAfter(closing);
      if (pause === null) return;
      await this.#sleep(pause);
    }
  }

  #request(): EventRequest {
    const { id, seq } = this.#position();
    if (!id && this.#question) return this.#question;
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (seq > 0) headers['Last-Event-ID'] = `${id}.${seq}`;
    return { url: `v1/streams/${encodeURIComponent(id)}/events`, init: { headers }, isAsking: false };
  }

  readonly #listener = {
    opened: (headers: Headers): void => {
      this.#openedAt = performance.now();
      this.#isOpen = this.#wasReached = true;
      this.#watchdog.alive();
      this.#patience.stop();
      this.#tell('open', null);
      if (headers.has('X-Sluice-Stream-Id')) this.#on.asked(headers);
    },
    message: (data: string, id: string): void => {
      let event: StreamEvent;
      try {
        event = JSON.parse(data) as StreamEvent;
      } catch {
        this.#finish({ code: 'bad_event', retryable: true, refused: false });
        return;
      }
      this.#prove();
      this.#on.event(event, seqOf(id));
    },
    alive: (): void => this.#watchdog.alive(),
    comment: (): void => {
      this.#watchdog.comment();
      this.#on.alive();
    },
  };

  // Only a connection that brought something, or stood for a while, ends a trouble: one that is closed at once would else be tried for ever.
  #prove(): void {
    this.#patience.reset();
    this.#backoff.reset();
  }

  // Null: it is over.
  #pauseAfter(closing: Extract<Closing, { kind: 'cut' | 'busy' }>): number | null {
    if (this.#isOpen && performance.now() - this.#openedAt > proven) this.#prove();
    if (this.#isHurried) {
      this.#isHurried = false;
      return 0;
    }
    if (closing.kind === 'busy') {
      this.#wasReached = true;
      const pause = Math.max(closing.problem.retryAfterMs ?? 0, this.#backoff.next());
      this.#tell('busy', closing.problem);
      this.#patience.start(patienceBusy);
      if (pause < this.#patience.left || this.#position().id) return pause;
      this.#finish(closing.problem);
      return null;
    }
    if (this.#link === 'lost') return 0;
    this.#tell('reconnecting', null);
    this.#patience.start(this.#wasReached ? patience : patienceUnreached);
    return Math.max(closing.retryMs ?? 0, this.#backoff.next());
  }

  #giveUp(): void {
    if (!this.#position().id) this.#finish(this.#problem ?? { code: this.#wasReached ? 'connection_lost' : 'unreachable', retryable: true, refused: false });
    else this.#tell('lost', this.#problem ?? { code: 'connection_lost', retryable: true, refused: false });
  }

  #finish(problem: Problem | null): void {
    if (this.#isOver) return;
    this.close();
    this.#on.over(problem);
  }

  #tell(link: Link, problem: Problem | null): void {
    this.#problem = problem;
    if (this.#link === link && problem === null) return;
    this.#link = link;
    this.#on.link(link, problem);
  }

  // The network is back, or someone looks: no need to wait any longer, and a connection may have died unnoticed. A server that is busy has said
  // itself when to come back.
  #hurry(): void {
    this.#watchdog.check();
    if (this.#link === 'busy') return;
    if (this.#link === 'lost') {
      this.#patience.reset();
      this.#tell('reconnecting', null);
      this.#patience.start(patience);
    }
    this.#wake?.();
  }

  // What was given up waits for the network alone.
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = this.#link === 'lost' ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
