import type { Conversation } from '../api/types';

/** How long ago a conversation was last written in, by the calendar of whoever reads. */
export type Age = 'today' | 'yesterday' | 'week' | 'earlier';

export interface Group<T> {
  age: Age;
  items: T[];
}

const day = (at: Date, back: number): number => new Date(at.getFullYear(), at.getMonth(), at.getDate() - back).getTime();

/** @param seconds Unix time. What lies ahead of this clock counts as today. */
export function ageOf(seconds: number, now: Date): Age {
  const at = seconds * 1000;
  if (at >= day(now, 0)) return 'today';
  if (at >= day(now, 1)) return 'yesterday';
  return at >= day(now, 7) ? 'week' : 'earlier';
}

/** The conversations by age, the newest first, without empty groups. */
export function groupByAge<T extends Pick<Conversation, 'updated_at'>>(conversations: readonly T[], now: Date): Group<T>[] {
  const groups: Group<T>[] = [];
  for (const one of [...conversations].sort((a, b) => b.updated_at - a.updated_at)) {
    const age = ageOf(one.updated_at, now);
    if (groups.at(-1)?.age === age) groups.at(-1)!.items.push(one);
    else groups.push({ age, items: [one] });
  }
  return groups;
}
