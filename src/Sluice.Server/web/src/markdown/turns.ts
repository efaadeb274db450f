let last: Promise<unknown> = Promise.resolve();

/** Does work in a task of its own, one after the other, so that the page is never held up by more than one piece of it. */
export function inTurn(work: () => void): Promise<void> {
  const done = last.then(() => new Promise<void>(resolve => setTimeout(resolve))).then(work);
  // What goes wrong in one is told to its own caller alone.
  last = done.catch(() => undefined);
  return done;
}
