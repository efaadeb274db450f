const paths = {
  plus: 'M8 3v10M3 8h10',
  panel: 'M2.5 3.5h11v9h-11zM6.5 3.5v9',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  up: 'M8 13V3M3.5 7.5 8 3l4.5 4.5',
  down: 'M8 3v10M3.5 8.5 8 13l4.5-4.5',
  open: 'M4 6.5 8 10.5 12 6.5',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  stop: 'M4.5 4.5h7v7h-7z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 3.5v-1h-8v8h1',
  check: 'M3 8.5 6.5 12 13 4.5',
  again: 'M13 8a5 5 0 1 1-1.5-3.6L13 6M13 2.5V6H9.5',
  edit: 'm3 13 .6-2.8 7.2-7.2 2.2 2.2-7.2 7.2z',
  remove: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5',
  file: 'M4 2.5h5.5L12 5v8.5H4zM9.5 2.5V5H12',
  out: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  cut: 'M2.5 8h3M10.5 8h3M6.5 5l3 6M9.5 5l-3 6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  sliders: 'M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  keyboard: 'M1.5 4.5h13v7.5h-13zM4 7h.01M6.5 7h.01M9 7h.01M11.5 7h.01M5 9.5h6',
  chart: 'M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6',
  book: 'M8 4.5C6.5 3.3 4.5 3 2.5 3v9c2 0 4 .3 5.5 1.5 1.5-1.2 3.5-1.5 5.5-1.5V3c-2 0-4 .3-5.5 1.5zM8 4.5v9',
  leave: 'M6.5 3h-3v10h3M9.5 5l3 3-3 3M12.5 8h-6',
  chat: 'M2.5 3.5h11v7.5h-6L4.5 13.5V11h-2z',
  cube: 'M8 2 13.5 5v6L8 14 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing of 16 by 16, in the colour of its text. It is never the only word for something: its button has a label. */
export function Icon({ name }: { name: IconName }) {
  return <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true"><path d={paths[name]} /></svg>;
}
