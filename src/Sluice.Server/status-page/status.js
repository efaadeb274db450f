// The server's own figures, as they come: one sample a second over an EventSource, the last five minutes on screen.
const kept = 300;
const samples = [];
const plots = [];
const byId = (id) => document.getElementById(id);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const palette = ['--accent', '--second', '--bad', '--good', '--warn', '--muted'];
const dark = matchMedia('(prefers-color-scheme: dark)');

const number = (value, digits = 0) => value == null ? '–' : value.toLocaleString('en', { maximumFractionDigits: digits });
const short = (value) => value >= 1e6 ? `${number(value / 1e6, 1)}M` : value >= 1e4 ? `${number(value / 1e3, 1)}k` : number(value, value < 10 ? 1 : 0);
const bytes = (value) => value >= 1e6 ? [number(value / 1e6, 1), 'MB/s'] : value >= 1e3 ? [number(value / 1e3, 1), 'kB/s'] : [number(value), 'B/s'];

class Plot {
  constructor(id, series, values) {
    this.host = byId(id);
    this.series = series;
    this.values = values;
    this.names = null;
    new ResizeObserver(() => this.uplot?.setSize(this.size())).observe(this.host);
    plots.push(this);
  }

  size() {
    // The legend below takes as many lines as it needs.
    return { width: this.host.clientWidth, height: 206 };
  }

  forget() {
    this.uplot?.destroy();
    this.uplot = null;
  }

  draw() {
    const names = this.series();
    if (!this.uplot || names.join() !== this.names?.join()) {
      this.forget();
      this.names = names;
      this.uplot = this.make(names);
    }
    const now = samples[samples.length - 1].t;
    this.uplot.setData([samples.map((sample) => sample.t), ...names.map((name) => samples.map((sample) => this.values(sample, name)))], false);
    this.uplot.batch(() => {
      this.uplot.setScale('x', { min: now - Math.min(kept, Math.max(60, now - samples[0].t)), max: now });
      const highest = Math.max(1, ...this.uplot.data.slice(1).flat().filter((value) => value != null));
      this.uplot.setScale('y', { min: 0, max: highest * 1.12 });
    });
  }

  make(names) {
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    const clock = (at) => new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
    return new uPlot({
      ...this.size(),
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 30, space: 80, values: (_, ticks) => ticks.map(clock), incrs: [10, 20, 30, 60, 120] },
        { ...axis, size: 52, space: 36, values: (_, ticks) => ticks.map(short) },
      ],
      series: [
        { label: 'at', value: (_, at) => at == null ? '–' : clock(at) },
        ...names.map((name, i) => ({
          label: name, stroke: colour(palette[i % palette.length]), width: 2, spanGaps: true, points: { show: false },
          fill: i === 0 ? `color-mix(in srgb, ${colour(palette[0])} 10%, transparent)` : undefined,
          value: (_, value) => number(value, 1),
        })),
      ],
    }, [[], ...names.map(() => [])], this.host);
  }
}

new Plot('plot-ttft', () => ['p50', 'p95'], (sample, name) => sample[`ttft_${name}`]);
new Plot('plot-events', () => ['tokens'], (sample) => sample.events);
new Plot('plot-streams', () => ['answers', 'viewers', 'upstream calls'], (sample, name) => ({ answers: sample.streams, viewers: sample.viewers, 'upstream calls': sample.calls })[name]);
new Plot('plot-failures', providers, (sample, name) => sample.failures[name] ?? 0);

function providers() {
  const names = new Set(samples[samples.length - 1].targets.map((target) => target.provider));
  return [...names].sort().slice(0, palette.length);
}

function figure(id, text, unit) {
  const small = document.createElement('small');
  small.textContent = unit ? ` ${unit}` : '';
  byId(id).replaceChildren(text, small);
}

function targets(list) {
  const row = (target) => {
    const chip = Object.assign(document.createElement('span'), { className: 'chip', textContent: target.circuit.replace('_', ' ') });
    chip.dataset.circuit = target.circuit;
    const cells = [target.model, target.provider, chip, number(target.active), number(target.ok), number(target.failed)];
    const tr = document.createElement('tr');
    tr.append(...cells.map((content, i) => {
      const td = document.createElement('td');
      td.className = i > 2 ? 'n' : '';
      td.append(content);
      return td;
    }));
    return tr;
  };
  byId('targets').replaceChildren(...list.map(row));
}

function show() {
  const sample = samples[samples.length - 1];
  const lastFirst = samples.findLast((one) => one.ttft_p50 != null)?.ttft_p50;
  figure('streams', number(sample.streams));
  figure('viewers', number(sample.viewers));
  figure('events', short(sample.events));
  figure('bytes', ...bytes(sample.bytes));
  figure('ttft', number(lastFirst, lastFirst < 10 ? 1 : 0), lastFirst == null ? '' : 'ms');
  figure('failed', number(samples.reduce((sum, one) => sum + one.failed, 0)));
  targets(sample.targets);
  for (const plot of plots) plot.draw();
}

let isDrawn = false;
function soon() {
  // What comes at once is drawn once.
  if (isDrawn) return;
  isDrawn = true;
  requestAnimationFrame(() => {
    isDrawn = false;
    show();
  });
}

function link(state, text) {
  byId('link').dataset.state = state;
  byId('link').textContent = text;
}

const source = new EventSource('/status/events');
source.onopen = () => {
  link('live', 'Live');
  samples.length = 0;
};
source.onerror = () => link('lost', source.readyState === EventSource.CLOSED ? 'No access, or the server is gone' : 'Connection lost, trying again');
source.onmessage = (message) => {
  samples.push(JSON.parse(message.data));
  if (samples.length > kept) samples.shift();
  soon();
};
dark.addEventListener('change', () => {
  for (const plot of plots) plot.forget();
  if (samples.length) soon();
});
