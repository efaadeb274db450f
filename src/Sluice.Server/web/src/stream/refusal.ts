import type { Problem } from './problem';

/** What a refusal in HTTP says; `isOurs` is whether it is this server's own and not a proxy's. */
export async function readProblem(response: Response): Promise<{ problem: Problem; isOurs: boolean }> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null)?.error;
  const isOurs = typeof error?.message === 'string';
  const problem: Problem = { code: typeof error?.code === 'string' && error.code ? error.code : `http_${response.status}`, retryable: response.status >= 500, refused: true };
  if (isOurs) problem.message = error.message as string;
  return { problem, isOurs };
}

/** Whether it is worth waiting: the server is full, shuts down, or a limit in time is reached. A budget that is spent stays so. */
export const isBusy = (response: Response, problem: Problem): boolean =>
  problem.code !== 'insufficient_quota' && (response.status === 429 || (response.status === 503 && response.headers.has('Retry-After')));

/** `Retry-After` in milliseconds, null without one; RFC 9110, section 10.2.3. */
export function retryAfterOf(response: Response): number | null {
  const value = response.headers.get('Retry-After');
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
