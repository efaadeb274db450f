import { describe, expect, it } from 'vitest';
import { ageOf, groupByAge } from '../../src/state/groups';

const now = new Date(2025, 2, 31, 10, 0, 0);
const seconds = (...when: number[]) => new Date(when[0]!, when[1]!, when[2]!, when[3] ?? 0, when[4] ?? 0, when[5] ?? 0).getTime() / 1000;

describe('ageOf', () => {
  it('goes by midnights, not by hours', () => {
    expect(ageOf(seconds(2025, 2, 31), now)).toBe('today');
    expect(ageOf(seconds(2025, 2, 30, 23, 59, 59), now)).toBe('yesterday');
    // In many places this day had 23 hours.
    expect(ageOf(seconds(2025, 2, 30), now)).toBe('yesterday');
    expect(ageOf(seconds(2025, 2, 29, 23, 59, 59), now)).toBe('week');
    expect(ageOf(seconds(2025, 2, 24), now)).toBe('week');
    expect(ageOf(seconds(2025, 2, 23, 23, 59, 59), now)).toBe('earlier');
  });
  it('takes the future for today', () => expect(ageOf(seconds(2025, 3, 5), now)).toBe('today'));
});

describe('groupByAge', () => {
  it('puts the newest first and leaves empty groups out', () => {
    const list = [{ id: 'old', updated_at: seconds(2024, 0, 1) }, { id: 'morning', updated_at: seconds(2025, 2, 31, 7) }, { id: 'now', updated_at: seconds(2025, 2, 31, 9) }];
    expect(groupByAge(list, now).map(group => [group.age, group.items.map(one => one.id)])).toEqual([['today', ['now', 'morning']], ['earlier', ['old']]]);
  });
  it('of nothing is nothing', () => expect(groupByAge([], now)).toEqual([]));
});
