// Rendering many finished answers at once would block the page: the last ones, which are seen first, go first, a few milliseconds at a time.

/** Milliseconds of one go. */
const slice = 12;

const jobs: (() => void)[] = [];
let isDue = false;

/** Has something rendered before the next paint if there is time, else soon after. The newest goes first. */
export function renderSoon(job: () => void): void {
  jobs.push(job);
  if (isDue) return;
  isDue = true;
  queueMicrotask(run);
}

function run(): void {
  const end = performance.now() + slice;
  do jobs.pop()?.();
  while (jobs.length > 0 && performance.now() < end);
  isDue = jobs.length > 0;
  if (isDue) setTimeout(run);
}
