import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { number, short } from './figures';
import type { Sample } from './sample';

/** How many samples are kept: five minutes. */
export const kept = 300;

/** At most so many lines in one plot: each has a colour of its own. */
export const palette = ['--accent', '--second', '--bad', '--good', '--warn', '--muted'];

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const clock = (at: number): string => new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** Lines over the last five minutes. Which lines there are may change with the samples. */
export class Plot {
  readonly #host: HTMLElement;
  readonly #lines: (last: Sample) => string[];
  readonly #value: (sample: Sample, line: string) => number | null | undefined;
  #uplot: uPlot | null = null;
  #drawn = '';

  constructor(host: HTMLElement, lines: (last: Sample) => string[], value: (sample: Sample, line: string) => number | null | undefined) {
    this.#host = host;
    this.#lines = lines;
    this.#value = value;
    new ResizeObserver(() => this.#uplot?.setSize(this.#size)).observe(host);
  }

  /** Draws anew from nothing the next time: the colours have changed. */
  forget(): void {
    this.#uplot?.destroy();
    this.#uplot = null;
  }

  draw(samples: readonly Sample[]): void {
    const first = samples[0];
    const last = samples.at(-1);
    if (!first || !last) return;
    const lines = this.#lines(last);
    if (!this.#uplot || lines.join() !== this.#drawn) {
      this.forget();
      this.#drawn = lines.join();
      this.#uplot = this.#make(lines);
    }
    const uplot = this.#uplot;
    uplot.setData([samples.map(sample => sample.t), ...lines.map(line => samples.map(sample => this.#value(sample, line)))], false);
    uplot.batch(() => {
      uplot.setScale('x', { min: last.t - Math.min(kept, Math.max(60, last.t - first.t)), max: last.t });
      const highest = Math.max(1, ...lines.flatMap(line => samples.map(sample => this.#value(sample, line) ?? 0)));
      uplot.setScale('y', { min: 0, max: highest * 1.12 });
    });
  }

  // The legend below takes as many lines as it needs.
  get #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: 206 };
  }

  #make(lines: string[]): uPlot {
    const axis: uPlot.Axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    const tint = `color-mix(in srgb, ${colour('--accent')} 10%, transparent)`;
    return new uPlot({
      ...this.#size,
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 30, space: 80, values: (_, ticks) => ticks.map(clock), incrs: [10, 20, 30, 60, 120] },
        { ...axis, size: 52, space: 36, values: (_, ticks) => ticks.map(short) },
      ],
      series: [
        { label: 'at', value: (_, at) => (at == null ? '–' : clock(at)) },
        ...lines.map((label, i): uPlot.Series => ({
          label, stroke: colour(palette[i % palette.length]!), width: 2, spanGaps: true, points: { show: false },
          ...(i === 0 ? { fill: tint } : {}),
          value: (_, value) => number(value, 1),
        })),
      ],
    }, [[], ...lines.map(() => [])], this.#host);
  }
}
