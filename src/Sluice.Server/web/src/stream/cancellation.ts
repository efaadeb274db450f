import { Backoff } from './backoff';

// Milliseconds: so long a stop that does not get through is sent again.
const longest = 30_000;

/** Has the server cancel a stream. A stop must stop: where the network is away it is sent again, until the server has heard it. */
export async function sendCancel(streamId: string): Promise<void> {
  const backoff = new Backoff();
  const until = performance.now() + longest;
  do {
    try {
      const response = await fetch(`v1/streams/${encodeURIComponent(streamId)}/cancel`, { method: 'POST', keepalive: true });
      if (response.status < 500) return;
    } catch {
      // Not heard; once more.
    }
    await new Promise(resolve => setTimeout(resolve, backoff.next()));
  } while (performance.now() < until);
}
