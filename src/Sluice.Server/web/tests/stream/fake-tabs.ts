import { vi } from 'vitest';

/** Stands in for Web Locks and BroadcastChannel, for several tabs in one. */
export class FakeTabs {
  readonly #channels = new Map<string, Set<FakeChannel>>();
  readonly #locks = new Map<string, FakeLock>();

  constructor() {
    const channels = this.#channels;
    vi.stubGlobal('BroadcastChannel', class extends FakeChannel {
      constructor(name: string) {
        super(channels.get(name) ?? channels.set(name, new Set()).get(name)!);
      }
    });
    Object.defineProperty(navigator, 'locks', { configurable: true, value: { request: (name: string, options: LockOptions, hold: () => Promise<void>) => this.#request(name, options, hold) } });
  }

  remove(): void {
    Reflect.deleteProperty(navigator, 'locks');
  }

  #request(name: string, options: LockOptions, hold: () => Promise<void>): Promise<void> {
    const lock = this.#locks.get(name) ?? this.#locks.set(name, { holder: null, queue: [] }).get(name)!;
    return new Promise((resolve, reject) => {
      const holder: Holder = { reject };
      const next = (): void => {
        lock.holder = null;
        lock.queue.shift()?.();
      };
      const take = (): void => {
        lock.holder = holder;
        void Promise.resolve().then(hold).then(() => {
          resolve();
          if (lock.holder === holder) next();
        });
      };
      if (options.steal) {
        lock.holder?.reject(new DOMException('stolen', 'AbortError'));
        take();
      } else if (lock.holder) {
        lock.queue.push(take);
        options.signal?.addEventListener('abort', () => {
          lock.queue = lock.queue.filter(one => one !== take);
          reject(new DOMException('aborted', 'AbortError'));
        });
      } else {
        take();
      }
    });
  }
}

interface Holder {
  reject(problem: unknown): void;
}

interface FakeLock {
  holder: Holder | null;
  queue: (() => void)[];
}

class FakeChannel {
  readonly #others: Set<FakeChannel>;
  onmessage: ((message: { data: unknown }) => void) | null = null;

  constructor(others: Set<FakeChannel>) {
    this.#others = others;
    others.add(this);
  }

  postMessage(data: unknown): void {
    const copy = structuredClone(data);
    for (const other of this.#others) if (other !== this) queueMicrotask(() => this.#others.has(other) && other.onmessage?.({ data: copy }));
  }

  close(): void {
    this.#others.delete(this);
  }
}
