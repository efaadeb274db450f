import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { filter } from '../state/fuzzy';
import { listStatus } from '../state/list';
import { Search } from '../state/search';
import { words } from '../words';
import { actions, type Command, finds, places } from './commands';
import { Dialog } from './dialog';
import { isComposing } from './focus';
import { PaletteLine } from './palette-line';

/** So many conversations stand in the palette while nothing is typed. */
const first = 6;

/** A line to choose, and which of its label's characters were typed. */
interface Choice {
  command: Command;
  at: number[];
}

function choicesFor(typed: string, search: Search): Choice[] {
  const isBlank = !typed.trim();
  const all = isBlank ? [...actions(), ...places().slice(0, first)] : [...actions(), ...places()];
  const found = isBlank ? [] : finds(search.found.value ?? []);
  return [
    ...filter(typed, all, command => command.label).map(({ item, fit }) => ({ command: item, at: fit.at })),
    ...found.map(command => ({ command, at: [] })),
  ];
}

/** The groups in the order of their best line, each with the number of its first line among all. */
function groups(lines: readonly Choice[]): { group: string; from: number; lines: Choice[] }[] {
  const names = [...new Set(lines.map(line => line.command.group))];
  let next = 0;
  return names.map(group => {
    const own = lines.filter(line => line.command.group === group);
    const from = next;
    next += own.length;
    return { group, from, lines: own };
  });
}

/** Finds actions, conversations, models and texts by what is typed. */
export function Palette({ onClose }: { onClose(): void }) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const search = useMemo(() => new Search(), []);
  const box = useRef<HTMLDivElement>(null);
  const byGroup = groups(choicesFor(typed, search));
  const lines = byGroup.flatMap(one => one.lines);
  const at = Math.min(chosen, lines.length - 1);

  useEffect(() => () => void (search.query.value = ''), []);
  useEffect(() => box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at, typed]);

  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    // After the dialog has given the focus back: the action may want it elsewhere.
    queueMicrotask(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined && lines.length > 0) setChosen((to + lines.length) % lines.length);
    else if (event.key === 'Enter') run(lines[at]?.command);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label={words.palette} class="palette" onClose={onClose}>
      <input
        class="palette-input"
        autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={lines.length > 0 ? `palette-${at}` : undefined}
        aria-label={words.palette}
        placeholder={words.palettePlaceholder}
        value={typed}
        onInput={event => {
          setTyped(event.currentTarget.value);
          setChosen(0);
          if (listStatus.value !== 'off') search.query.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" id="palette-list" role="listbox" aria-label={words.palette} ref={box}>
        {byGroup.map(({ group, from, lines: own }) => (
          <div key={group} role="group" aria-label={group}>
            <div class="palette-group" aria-hidden="true">{group}</div>
            {own.map(({ command, at: hits }, i) => (
              <PaletteLine
                key={command.id}
                id={`palette-${from + i}`}
                command={command}
                hits={hits}
                query={typed}
                isChosen={from + i === at}
                onPoint={() => setChosen(from + i)}
                onRun={() => run(command)}
              />
            ))}
          </div>
        ))}
      </div>
      {lines.length === 0 && <p class="dialog-note">{words.paletteNone}</p>}
    </Dialog>
  );
}
