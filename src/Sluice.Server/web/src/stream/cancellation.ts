import { Backoff } from './backoff';

// Milliseconds: so long a stop that does not get through is sent again.
const longest = 30_000;
// A connection that has died unnoticed answers nothing.
const patience = 5_000;
// Not now, but later: too early, too often, too slow.
const later = [408, 425, 429];

/** Has the server cancel a stream. A stop must stop: where the network is away it is sent again, until the server has heard it. */
export async function sendCancel(streamId: string): Promise<void> {
  const backoff = new Backoff();
  const until = performance.now() + longest;
  do {
    try {
      const response = await fetch(`v1/streams/${encodeURIComponent(streamId)}/cancel`, { method: 'POST', keepalive: true, signal: AbortSignal.timeout(patience) });
      if (response.status < 500 && !later.includes(response.status)) return;
    } catch {
      // Not heard; once more.
    }
    await new Promise(resolve => setTimeout(resolve, backoff.next()));
  } while (performance.now() < until);
}
