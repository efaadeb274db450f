/** How well a text fits what was typed, and which of its characters were meant. */
export interface Fit {
  /** Higher is better; only for comparing. */
  score: number;
  /** Ascending indices into the text. */
  at: number[];
}

const isWordStart = (text: string, i: number): boolean => i === 0 || /[\s\-_/.:·]/.test(text[i - 1]!);

/** Whether the typed characters stand in the text in that order; spaces are of no account. Null where they do not. */
export function fuzzy(typed: string, text: string): Fit | null {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  const lower = text.toLowerCase();
  // A whole find is better than any scattered one.
  const whole = typed.trim() ? lower.indexOf(typed.trim().toLowerCase()) : -1;
  if (whole >= 0) {
    const at = Array.from({ length: typed.trim().length }, (_, i) => whole + i);
    return { score: 100 + (isWordStart(text, whole) ? 20 : 0) - whole / 100, at };
  }
  const at: number[] = [];
  let score = 0;
  for (let i = 0; i < lower.length && at.length < wanted.length; i++) {
    if (lower[i] !== wanted[at.length]) continue;
    score += isWordStart(text, i) ? 8 : at.at(-1) === i - 1 ? 5 : 1;
    at.push(i);
  }
  return at.length === wanted.length ? { score: score - lower.length / 100, at } : null;
}

/** Those whose text fits, the best first; with nothing typed all of them as they stand. */
export function filter<T>(typed: string, items: readonly T[], text: (item: T) => string): { item: T; fit: Fit }[] {
  const fits = items.flatMap(item => {
    const fit = fuzzy(typed, text(item));
    return fit ? [{ item, fit }] : [];
  });
  return typed.trim() ? fits.sort((a, b) => b.fit.score - a.fit.score) : fits;
}
