import type { Problem } from './problem';
import type { StreamEvent } from './stream-event';
import type { Link } from './stream-reader';

/** What the tabs that show one stream say to each other. One of them reads; the others get from it what it took. */
export type TabMessage =
  /** From one that does not read: I have everything up to `seq`. Whoever reads answers with what is missing, and how it stands. */
  | { kind: 'hello'; from: string; seq: number }
  /** From the one that reads, to all or to one. */
  | { kind: 'event'; to: string | null; seq: number | null; event: StreamEvent }
  | { kind: 'link'; link: Link; problem: Problem | null; isHidden: boolean }
  | { kind: 'alive' }
  | { kind: 'over'; problem: Problem | null }
  /** Someone else reads from now on. */
  | { kind: 'lead' }
  /** To the one that reads: cut the connection. */
  | { kind: 'drop' };
