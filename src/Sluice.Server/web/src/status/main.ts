// The server's own figures, as they come: one sample a second over an EventSource, the last five minutes on screen.
import './status.css';
import { bytes, number, short } from './figures';
import { kept, palette, Plot } from './plot';
import type { Sample, Target } from './sample';

const samples: Sample[] = [];
const byId = (id: string): HTMLElement => document.getElementById(id)!;

const providers = (last: Sample): string[] => [...new Set(last.targets.map(target => target.provider))].sort().slice(0, palette.length);
const plots = [
  new Plot(byId('plot-ttft'), () => ['p50', 'p95'], (sample, line) => (line === 'p50' ? sample.ttft_p50 : sample.ttft_p95)),
  new Plot(byId('plot-events'), () => ['tokens'], sample => sample.events),
  new Plot(byId('plot-streams'), () => ['answers', 'viewers', 'upstream calls'], (sample, line) => (line === 'answers' ? sample.streams : line === 'viewers' ? sample.viewers : sample.calls)),
  new Plot(byId('plot-failures'), providers, (sample, line) => sample.failures[line] ?? 0),
];

function figure(id: string, text: string, unit = ''): void {
  const small = document.createElement('small');
  small.textContent = unit && ` ${unit}`;
  byId(id).replaceChildren(text, small);
}

function row(target: Target): HTMLTableRowElement {
  const chip = Object.assign(document.createElement('span'), { className: 'chip', textContent: target.circuit.replace('_', ' ') });
  chip.dataset['circuit'] = target.circuit;
  const tr = document.createElement('tr');
  tr.append(...[target.model, target.provider, chip, number(target.active), number(target.ok), number(target.failed)].map((content, i) => {
    const td = document.createElement('td');
    td.className = i > 2 ? 'n' : '';
    td.append(content);
    return td;
  }));
  return tr;
}

function show(): void {
  const sample = samples.at(-1);
  if (!sample) return;
  const lastFirst = samples.findLast(one => one.ttft_p50 != null)?.ttft_p50;
  figure('streams', number(sample.streams));
  figure('viewers', number(sample.viewers));
  figure('events', short(sample.events));
  figure('bytes', ...bytes(sample.bytes));
  figure('ttft', number(lastFirst, lastFirst != null && lastFirst < 10 ? 1 : 0), lastFirst == null ? '' : 'ms');
  figure('failed', number(samples.reduce((sum, one) => sum + one.failed, 0)));
  byId('targets').replaceChildren(...sample.targets.map(row));
  for (const plot of plots) plot.draw(samples);
}

let isDue = false;
function soon(): void {
  // What comes at once is drawn once.
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
}

function link(state: string, text: string): void {
  byId('link').dataset['state'] = state;
  byId('link').textContent = text;
}

const source = new EventSource('status/events');
source.onopen = () => {
  link('live', 'Live');
  samples.length = 0;
};
source.onerror = () => link('lost', source.readyState === EventSource.CLOSED ? 'No access, or the server is gone' : 'Connection lost, trying again');
source.onmessage = message => {
  samples.push(JSON.parse(message.data) as Sample);
  if (samples.length > kept) samples.shift();
  soon();
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const plot of plots) plot.forget();
  soon();
});
