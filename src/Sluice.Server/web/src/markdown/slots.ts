/** What does not pass through HTML: it is put where its slot is, after sanitising, as nodes. */
export type Slot = { kind: 'code'; text: string; language: string } | { kind: 'math'; tex: string; isDisplay: boolean };

const secret = Array.from(crypto.getRandomValues(new Uint32Array(4)), word => word.toString(36)).join('');

/**
 * The slots of one block. Each leaves a mark in the HTML that only this page can write: it holds a secret that is new with each load of the
 * page, so text that looks like a mark is none.
 */
export class Slots {
  static readonly attribute = 'data-slot';
  #slots: Slot[] = [];

  /** The HTML that stands for a slot. */
  mark(slot: Slot): string {
    this.#slots.push(slot);
    return `<span ${Slots.attribute}="${secret}.${this.#slots.length - 1}"></span>`;
  }

  /** What a mark stands for, undefined if it is none of this block's. */
  find(mark: string): Slot | undefined {
    return this.#slots[Number(mark.slice(secret.length + 1))];
  }

  static isMark(value: string): boolean {
    return value.startsWith(`${secret}.`);
  }

  /** All that they hold, as one string. */
  get key(): string {
    return this.#slots.length === 0 ? '' : JSON.stringify(this.#slots);
  }

  /** Gives the slots so far and begins anew. */
  take(): Slots {
    const taken = new Slots();
    taken.#slots = this.#slots;
    this.#slots = [];
    return taken;
  }
}
