import type { Command } from './commands';
import { Icon } from './icon';
import { Marked } from './marked';

interface Props {
  id: string;
  command: Command;
  /** Ascending indices of the label's characters that were typed. */
  hits: readonly number[];
  query: string;
  isChosen: boolean;
  onPoint(): void;
  onRun(): void;
}

/** One line of the palette. */
export function PaletteLine({ id, command: { label, icon, detail }, hits, query, isChosen, onPoint, onRun }: Props) {
  return (
    <div
      id={id}
      class="palette-line"
      role="option"
      aria-selected={isChosen}
      onPointerMove={() => !isChosen && onPoint()}
      onClick={onRun}
    >
      <Icon name={icon} />
      <span class="palette-text">
        <span class="palette-label">{hits.length > 0 ? <Hits text={label} at={hits} /> : label}</span>
        {detail && <span class="snippet"><Marked text={detail} query={query} /></span>}
      </span>
    </div>
  );
}

function Hits({ text, at }: { text: string; at: readonly number[] }) {
  const hits = new Set(at);
  return <>{[...text].map((character, i) => (hits.has(i) ? <b>{character}</b> : character))}</>;
}
