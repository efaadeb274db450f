// Numbers as the reader's language writes them.
import { language, words } from './index';

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** Without a fraction. */
export const count = (n: number): string => whole.format(n);

/** A rate: with tenths where they say something. */
export const rate = (n: number): string => (n < 20 ? tenths : whole).format(n);

/** A time of so many milliseconds. */
export const duration = (ms: number): string => (ms < 1000 ? words.milliseconds(count(ms)) : words.seconds(tenths.format(ms / 1000)));
