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

/** Lines to choose from, and which of their characters were typed. */
function choicesFor(typed: string, search: Search): { command: Command; at: number[] }[] {
  const all = typed.trim() ? [...actions(), ...places()] : [...actions(), ...places().slice(0, first)];
  const found = typed.trim() ? finds(search.found.value ?? []) : [];
  return [
    ...filter(typed, all, command => command.label).map(({ item, fit }) => ({ command: item, at: fit.at })),
    ...found.map(command => ({ command, at: [] })),
  ];
}

/** Finds actions, conversations, models and texts by what is typed. */
export function Palette({ onClose }: { onClose(): void }) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const search = useMemo(() => new Search(), []);
  const box = useRef<HTMLDivElement>(null);
  const lines = choicesFor(typed, search);
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
        {lines.map(({ command, at: hits }, i) => (
          <PaletteLine
            key={command.id}
            id={`palette-${i}`}
            command={command}
            hits={hits}
            query={typed}
            isFirst={command.group !== lines[i - 1]?.command.group}
            isChosen={i === at}
            onPoint={() => setChosen(i)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {lines.length === 0 && <p class="dialog-note">{words.paletteNone}</p>}
    </Dialog>
  );
}
