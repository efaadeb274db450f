type Figure = number | null | undefined;

/** A number as people write it; a dash where there is none. */
export const number = (value: Figure, digits = 0): string => (value == null ? '–' : value.toLocaleString('en', { maximumFractionDigits: digits }));

/** A number in at most five characters. */
export const short = (value: Figure): string => {
  if (value == null) return '–';
  return value >= 1e6 ? `${number(value / 1e6, 1)}M` : value >= 1e4 ? `${number(value / 1e3, 1)}k` : number(value, value < 10 ? 1 : 0);
};

/** Bytes per second, as number and unit. */
export const bytes = (value: number): [string, string] =>
  value >= 1e6 ? [number(value / 1e6, 1), 'MB/s'] : value >= 1e3 ? [number(value / 1e3, 1), 'kB/s'] : [number(value), 'B/s'];
