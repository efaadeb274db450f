import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/api/api-error';

const api = vi.hoisted(() => ({ list: vi.fn() }));
vi.mock('../../src/api/conversations', () => api);
const { conversations, forget, hasMore, listStatus, more, note, refresh, setLeaving } = await import('../../src/state/list');

const one = (id: string, updated_at: number) => ({ id, title: id, head: null, created_at: 1, updated_at, running: false });
const ids = () => conversations.value.map(conversation => conversation.id);

beforeEach(() => {
  conversations.value = [];
  hasMore.value = false;
  listStatus.value = 'loading';
});

describe('refresh', () => {
  it('keeps what lies behind the first page, and lets go of what is no longer in it', async () => {
    api.list.mockResolvedValueOnce({ data: [one('c', 30), one('b', 20)], has_more: true }).mockResolvedValueOnce({ data: [one('a', 10)], has_more: false });
    await refresh();
    await more();
    expect([ids(), hasMore.value]).toEqual([['c', 'b', 'a'], false]);
    api.list.mockResolvedValueOnce({ data: [one('d', 40), one('b', 20)], has_more: true });
    await refresh();
    expect(ids()).toEqual(['d', 'b', 'a']);
  });
  it('knows a server that keeps nothing', async () => {
    api.list.mockRejectedValueOnce(new ApiError(404, 'not_found', ''));
    await refresh();
    expect(listStatus.value).toBe('off');
  });
  it('keeps the list while the server is away', async () => {
    api.list.mockResolvedValueOnce({ data: [one('a', 1)], has_more: false }).mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
    await refresh();
    await refresh();
    expect([listStatus.value, ids()]).toEqual(['ready', ['a']]);
  });
  it('says that the first reading failed', async () => {
    api.list.mockRejectedValueOnce(new ApiError(500, 'x', ''));
    await refresh();
    expect(listStatus.value).toBe('failed');
  });
});

describe('the list', () => {
  it('puts what was written in first', () => {
    conversations.value = [one('b', 2), one('a', 1)];
    note('a', { updated_at: 3 });
    note('new', { title: 'New', updated_at: 4 });
    expect(ids()).toEqual(['new', 'a', 'b']);
  });
  it('hides what is about to be deleted, until it is not', async () => {
    conversations.value = [one('b', 2), one('a', 1)];
    setLeaving('b', true);
    api.list.mockResolvedValueOnce({ data: [one('b', 2), one('a', 1)], has_more: false });
    await refresh();
    expect(ids()).toEqual(['a']);
    setLeaving('b', false);
    note('b', one('b', 2));
    expect(ids()).toEqual(['b', 'a']);
  });
  it('forgets one, or all', () => {
    conversations.value = [one('b', 2), one('a', 1)];
    forget('b');
    expect(ids()).toEqual(['a']);
    forget(null);
    expect(ids()).toEqual([]);
  });
});
