// What this browser keeps. Where it keeps nothing (blocked, or full) the page works all the same, only without a memory.

function attempt<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch (problem) {
    if (problem instanceof DOMException) return otherwise;
    throw problem;
  }
}

/** One of the browser's stores, under names of this page alone. */
export class Shelf {
  readonly #store: () => Storage;
  readonly #prefix: string;

  /** @param store asked for each time: naming a blocked store already throws */
  constructor(store: () => Storage, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** What is kept under the name, or null. */
  get(name: string): string | null {
    return attempt(() => this.#store().getItem(this.#prefix + name), null);
  }

  /** Keeps a text; an empty one is forgotten. */
  set(name: string, value: string): void {
    attempt(() => (value ? this.#store().setItem(this.#prefix + name, value) : this.#store().removeItem(this.#prefix + name)), undefined);
  }

  remove(name: string): void {
    attempt(() => this.#store().removeItem(this.#prefix + name), undefined);
  }

  /** The names under which something is kept, sorted. */
  names(): string[] {
    return attempt(() => Object.keys(this.#store()).filter(key => key.startsWith(this.#prefix)).map(key => key.slice(this.#prefix.length)).sort(), []);
  }
}

/** Choices of this browser. */
export const choices = new Shelf(() => localStorage, 'sluice.choice.');
