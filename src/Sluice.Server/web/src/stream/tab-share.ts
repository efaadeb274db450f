import type { Problem } from './problem';
import type { SnapshotEvent, StreamEvent } from './stream-event';
import type { Link } from './stream-reader';
import type { TabMessage } from './tab-message';

// Milliseconds: how long the tab that reads may take to say that it is there, and how long it may say nothing.
const answerLimit = 2_500;
const silenceLimit = 45_000;

/** What a tab gives to the sharing. */
export interface ShareHost {
  readonly seq: number;
  readonly snapshot: SnapshotEvent;
  readonly link: Link;
  readonly problem: Problem | null;
  /** This tab reads from now on, from behind its own last event. It may do so already. */
  read(): void;
  /** Another tab reads from now on. */
  rest(): void;
  drop(): void;
  event(event: StreamEvent, seq: number | null): void;
  linked(link: Link, problem: Problem | null): void;
  over(problem: Problem | null): void;
}

/**
 * Shares one stream among the tabs of a browser: whoever holds the lock reads and tells the others, who wait for the lock. It goes to the next
 * when its holder's tab is closed; it is taken from one that does not answer, or that is hidden while its connection is gone.
 * Where a browser has no locks (as on plain http from another machine) each tab reads by itself.
 */
export class TabShare {
  readonly #name: string;
  readonly #host: ShareHost;
  readonly #tab = Math.random().toString(36).slice(2);
  readonly #channel: BroadcastChannel | null;
  readonly #onSeen = (): void => {
    if (document.visibilityState === 'visible') this.#hello();
  };
  #isLeading = false;
  #isHeard = false;
  #isAsking = false;
  #isClosed = false;
  #release: (() => void) | null = null;
  #waiting = new AbortController();
  #heardAt = 0;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(streamId: string, host: ShareHost) {
    this.#name = `sluice.stream.${streamId}`;
    this.#host = host;
    const canShare = typeof BroadcastChannel !== 'undefined' && navigator.locks !== undefined;
    this.#channel = canShare ? new BroadcastChannel(this.#name) : null;
    if (!this.#channel) return;
    this.#channel.onmessage = message => this.#onMessage(message.data as TabMessage);
    document.addEventListener('visibilitychange', this.#onSeen);
  }

  /** Joins: reads if nobody does, else hears the one that reads. */
  join(): void {
    if (!this.#channel) return this.#host.read();
    this.#request(false);
    this.#hello();
  }

  /** Reads from the beginning: this tab has asked. */
  lead(): void {
    if (!this.#channel) return;
    this.#isLeading = true;
    this.#request(true);
  }

  /** Tells the others what this tab took; nothing while it does not read itself. */
  tell(event: StreamEvent, seq: number | null): void {
    if (this.#isHeard && this.#isLeading) this.#post({ kind: 'event', to: null, seq, event });
  }

  tellLink(link: Link, problem: Problem | null): void {
    if (this.#isHeard && this.#isLeading) this.#post({ kind: 'link', link, problem, isHidden: document.visibilityState === 'hidden' });
  }

  tellAlive(): void {
    if (this.#isHeard && this.#isLeading) this.#post({ kind: 'alive' });
  }

  tellOver(problem: Problem | null): void {
    if (this.#isHeard && this.#isLeading) this.#post({ kind: 'over', problem });
  }

  /** Something is missing here: asks the tab that reads for it. */
  resync(): void {
    if (!this.#isAsking) this.#hello();
  }

  /** Cuts the connection of whoever reads. */
  drop(): void {
    if (this.#isLeading || !this.#channel) this.#host.drop();
    else this.#post({ kind: 'drop' });
  }

  /** Leaves; another tab may read then. */
  close(): void {
    this.#isClosed = true;
    this.#isLeading = false;
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#silenceTimer);
    this.#waiting.abort();
    this.#release?.();
    this.#channel?.close();
    document.removeEventListener('visibilitychange', this.#onSeen);
  }

  #post(message: TabMessage): void {
    if (!this.#isClosed) this.#channel?.postMessage(message);
  }

  #request(isTaking: boolean): void {
    this.#waiting.abort();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    const options: LockOptions = isTaking ? { steal: true } : { signal };
    let hasHeld = false;
    navigator.locks.request(this.#name, options, () => {
      if (this.#isClosed) return undefined;
      hasHeld = true;
      this.#take();
      return new Promise<void>(resolve => (this.#release = resolve));
    }).catch(() => {
      if (this.#isClosed) return;
      // Taken by another tab; or no locks are to be had here at all.
      if (hasHeld) this.#lose();
      else if (!signal.aborted) this.#host.read();
    });
  }

  #take(): void {
    clearTimeout(this.#answerTimer);
    this.#isAsking = false;
    this.#isLeading = true;
    // Whoever is there says hello to that, and is heard from then on.
    this.#post({ kind: 'lead' });
    this.#host.read();
  }

  #lose(): void {
    this.#isLeading = false;
    this.#release = null;
    this.#host.rest();
    this.#request(false);
    this.#hello();
  }

  #hello(): void {
    if (this.#isLeading || this.#isClosed) return;
    this.#isAsking = true;
    this.#post({ kind: 'hello', from: this.#tab, seq: this.#host.seq });
    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => this.#request(true), answerLimit);
  }

  // The one that reads has answered. If it then says nothing for long, not even that it lives, it is asked again.
  #listen(isAnswer: boolean): void {
    this.#heardAt = performance.now();
    if (isAnswer) {
      this.#isAsking = false;
      clearTimeout(this.#answerTimer);
    }
    // One timer for the whole silence: what comes in between only moves the moment that it looks at.
    this.#silenceTimer ??= setTimeout(() => this.#onSilence(), silenceLimit);
  }

  #onSilence(): void {
    this.#silenceTimer = undefined;
    const left = this.#heardAt + silenceLimit - performance.now();
    if (left <= 0) this.#hello();
    else if (!this.#isLeading && !this.#isClosed) this.#silenceTimer = setTimeout(() => this.#onSilence(), left);
  }

  #onMessage(message: TabMessage): void {
    if (this.#isClosed) return;
    if (this.#isLeading) this.#answer(message);
    else this.#hear(message);
  }

  #answer(message: TabMessage): void {
    if (message.kind === 'drop') this.#host.drop();
    if (message.kind !== 'hello') return;
    this.#isHeard = true;
    const { seq, snapshot } = this.#host;
    if (message.seq !== seq) this.#post({ kind: 'event', to: message.from, seq, event: snapshot });
    this.tellLink(this.#host.link, this.#host.problem);
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'lead':
        this.#hello();
        break;
      case 'event':
        this.#listen(message.to === this.#tab);
        if (message.to === null || message.to === this.#tab) this.#host.event(message.event, message.seq);
        break;
      case 'link':
        this.#listen(true);
        this.#host.linked(message.link, message.problem);
        // Timers of a hidden page run slowly: one that is seen finds back sooner.
        if (message.isHidden && message.link !== 'open' && document.visibilityState === 'visible') this.#request(true);
        break;
      case 'alive':
        this.#listen(false);
        break;
      case 'over':
        this.#host.over(message.problem);
        break;
    }
  }
}
