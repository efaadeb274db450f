import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/api/api-error';

const api = vi.hoisted(() => ({ list: vi.fn(), create: vi.fn() }));
vi.mock('../../src/api/conversations', () => api);
vi.mock('../../src/state/channel', () => ({ tell: vi.fn(), hear: vi.fn() }));
const { importOld, oldTurns } = await import('../../src/state/legacy');
const { listStatus, refresh } = await import('../../src/state/list');

const keep = (name: string, value: unknown) => localStorage.setItem(`sluice.turn.${name}`, typeof value === 'string' ? value : JSON.stringify(value));

beforeEach(async () => {
  localStorage.clear();
  api.create.mockReset();
  api.list.mockResolvedValue({ data: [], has_more: false });
  listStatus.value = 'loading';
  await refresh();
  keep('2-b', { name: '2-b', question: 'Second', text: '', state: 'failed' });
  keep('1-a', { name: '1-a', question: 'First', text: 'Answer', state: 'done' });
  keep('3-c', 'not json');
});

describe('old turns', () => {
  it('come the oldest first, without what is no turn', () =>
    expect(oldTurns()).toEqual([{ role: 'user', content: 'First' }, { role: 'assistant', content: 'Answer' }, { role: 'user', content: 'Second' }]));
  it('move to the server, once', async () => {
    api.create.mockResolvedValue({ id: 'cv_old' });
    await importOld();
    await importOld();
    expect(api.create).toHaveBeenCalledOnce();
    expect(api.create.mock.calls[0]).toEqual(['Earlier questions', oldTurnsOf()]);
    expect(localStorage).toHaveLength(0);
  });
  it('stay where the server does not take them', async () => {
    api.create.mockRejectedValue(new ApiError(503, 'unavailable', ''));
    await importOld();
    expect(localStorage).toHaveLength(3);
  });
  it('stay where the server keeps nothing', async () => {
    listStatus.value = 'off';
    await importOld();
    expect(api.create).not.toHaveBeenCalled();
    expect(localStorage).toHaveLength(3);
  });
});

const oldTurnsOf = () => [{ role: 'user', content: 'First' }, { role: 'assistant', content: 'Answer' }, { role: 'user', content: 'Second' }];
