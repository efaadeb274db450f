import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/api/api-error';
import * as conversations from '../../src/api/conversations';
import { request, session } from '../../src/api/request';

function answer(status: number, body: string | null, type = 'application/json') {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, { status, headers: { 'Content-Type': type } }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const failure = (path = 'v1/models') => request(path).then(() => null, (problem: unknown) => problem as ApiError);

afterEach(() => vi.unstubAllGlobals());

describe('request', () => {
  it('gives what the server answers', async () => {
    answer(200, '{"data":[1]}');
    expect(await request('v1/models')).toEqual({ data: [1] });
  });
  it('gives null for an answer without a body', async () => {
    answer(204, null);
    expect(await request('v1/conversations', { method: 'DELETE' })).toBeNull();
  });
  it('fails with the code and the words of the server', async () => {
    answer(404, '{"error":{"message":"No such thing.","type":"x","code":"conversation_not_found","param":null}}');
    const problem = await failure();
    expect(problem).toBeInstanceOf(ApiError);
    expect(problem).toMatchObject({ status: 404, code: 'conversation_not_found', message: 'No such thing.' });
  });
  it('fails with the status where a proxy answers', async () => {
    answer(502, '<h1>Bad gateway</h1>', 'text/html');
    expect(await failure()).toMatchObject({ status: 502, code: 'http_502' });
  });
  it('fails as unreachable where nobody answers', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('Failed to fetch'))));
    expect(await failure()).toMatchObject({ status: 0, code: 'unreachable' });
  });
  it('passes on that it was called off', async () => {
    vi.stubGlobal('fetch', vi.fn(async (_: string, init: RequestInit) => Promise.reject(init.signal!.reason)));
    const abort = new AbortController();
    abort.abort(new DOMException('enough', 'AbortError'));
    await expect(request('v1/models', { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
  it('goes to the sign-in page when the session has ended', async () => {
    answer(401, '{"error":{"message":"No.","code":"invalid_api_key"}}');
    const ended = vi.spyOn(session, 'ended').mockImplementation(() => {});
    expect(await failure()).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe('conversations', () => {
  const called = (fetch: ReturnType<typeof answer>) => ({ path: fetch.mock.calls[0]![0], ...fetch.mock.calls[0]![1] });

  it('asks below the page, with names escaped', async () => {
    const fetch = answer(200, '{}');
    await conversations.read('cv_a/b?c');
    expect(called(fetch).path).toBe('v1/conversations/cv_a%2Fb%3Fc');
  });
  it('pages and searches', async () => {
    const fetch = answer(200, '{"data":[],"has_more":false}');
    await conversations.list('cv_last');
    await conversations.search('a & b', new AbortController().signal);
    expect(fetch.mock.calls.map(call => call[0])).toEqual(['v1/conversations?limit=30&after=cv_last', 'v1/conversations?limit=30&q=a+%26+b']);
  });
  it('renames, and says which branch is shown', async () => {
    const fetch = answer(200, '{}');
    await conversations.rename('cv_1', 'New "title"');
    await conversations.showBranch('cv_1', 'ms_2');
    expect(fetch.mock.calls.map(call => [call[1].method, call[1].body])).toEqual([['PATCH', '{"title":"New \\"title\\""}'], ['PATCH', '{"head":"ms_2"}']]);
  });
  it('deletes even while the page is being left', async () => {
    const fetch = answer(204, null);
    await conversations.remove('cv_1');
    expect(called(fetch)).toMatchObject({ method: 'DELETE', keepalive: true });
  });
  it('links to files', () => expect(conversations.exportUrl('cv_1', 'markdown')).toBe('v1/conversations/cv_1/export?format=markdown'));
});
