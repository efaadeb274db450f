/** Something that is fetched when it is first needed. One that could not be fetched is tried again the next time. */
export class Lazy<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T | null> | null = null;
  /** Null until it is there. */
  value: T | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Fetches it; null where that fails. Never rejects. */
  get(): Promise<T | null> {
    this.#loading ??= this.#load().then(
      value => (this.value = value),
      () => (this.#loading = null),
    );
    return this.#loading;
  }
}
