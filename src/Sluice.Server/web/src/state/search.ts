import { effect, signal } from '@preact/signals';
import { ApiError } from '../api/api-error';
import * as api from '../api/conversations';
import type { Found } from '../api/types';

/** Milliseconds without a key until a search is sent. */
const pause = 180;

/** A search as it is typed; results follow by themselves. */
export class Search {
  readonly query = signal('');
  /** What was found; null while nothing was searched for. */
  readonly found = signal<readonly Found[] | null>(null);
  /** The words that `found` belongs to. */
  readonly words = signal('');
  readonly isFailed = signal(false);

  constructor() {
    effect(() => {
      const words = this.query.value.trim();
      if (!words) {
        this.found.value = null;
        this.isFailed.value = false;
        return;
      }
      const abort = new AbortController();
      const timer = setTimeout(() => void this.#send(words, abort.signal), pause);
      return () => {
        clearTimeout(timer);
        abort.abort();
      };
    });
  }

  async #send(words: string, signal: AbortSignal): Promise<void> {
    try {
      const page = await api.search(words, signal);
      this.words.value = words;
      this.found.value = page.data;
      this.isFailed.value = false;
    } catch (problem) {
      // Typed on meanwhile: another search is on its way.
      if (signal.aborted) return;
      if (!(problem instanceof ApiError)) throw problem;
      this.isFailed.value = true;
    }
  }
}

/** The search of the list. */
export const search = new Search();
