import type { Follower } from '../reading/follower';

let follower: Follower | null = null;

/** The transcript's own follower, while there is a transcript. */
export function setFollower(one: Follower | null): void {
  follower = one;
}

/** Goes to the end of the answers and stays there. */
export function pinToEnd(): void {
  // What was just added is on the page with the next frame.
  requestAnimationFrame(() => follower?.pin());
}

/** Scrolls the answers by a page while the composer has the focus. */
export function scrollByPage(direction: -1 | 1): void {
  follower?.page(direction);
}
