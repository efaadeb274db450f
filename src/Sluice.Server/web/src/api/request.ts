import { ApiError } from './api-error';

/** Milliseconds until a request without an answer counts as lost, and one whose answer has begun: a long conversation over a slow line takes its time. */
const patience = 20_000;
const patienceBody = 120_000;

/** Where a browser goes whose session has ended. Replaced in tests. */
export const session = { ended: (): void => location.assign('login') };

export interface Options {
  method?: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Whether it is sent even if the page goes away at this moment. */
  keepalive?: boolean;
}

async function problemOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null;
  return new ApiError(response.status, body?.error?.code || `http_${response.status}`, body?.error?.message ?? '');
}

/**
 * Asks the server for JSON; null where it answers without a body.
 * @param path relative to the page, so that it works below a path of a proxy
 * @throws ApiError, or the signal's reason
 */
export async function request<T>(path: string, { method = 'GET', body, signal, keepalive = false }: Options = {}): Promise<T> {
  const limit = new AbortController();
  let timer = setTimeout(() => limit.abort(), patience);
  try {
    const response = await fetch(path, {
      method,
      keepalive,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    });
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(), patienceBody);
    if (!response.ok) {
      const problem = await problemOf(response);
      if (response.status === 401) session.ended();
      throw problem;
    }
    return (response.status === 204 ? null : await response.json()) as T;
  } catch (problem) {
    // Also where the body breaks off, or is not what this server writes.
    if (signal?.aborted || problem instanceof ApiError) throw problem;
    throw new ApiError(0, 'unreachable', '');
  } finally {
    clearTimeout(timer);
  }
}
