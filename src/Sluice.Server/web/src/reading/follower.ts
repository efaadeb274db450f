import { type ReadonlySignal, signal } from '@preact/signals';

/**
 * Follows the end of a scrolling box until its reader scrolls up, and from then on leaves it alone until they are back at the end.
 * Give the box `overflow-anchor: none`.
 */
export class Follower {
  /** Whether there is something below that is not followed: show "Latest". */
  readonly isAway: ReadonlySignal<boolean> = signal(false);

  constructor(_box: HTMLElement, _content: HTMLElement) {}

  /** Goes to the end and stays there. */
  pin(): void {}

  /** Scrolls by a page, for keys that are pressed in the composer: -1 up, 1 down. */
  page(_direction: -1 | 1): void {}

  dispose(): void {}
}
