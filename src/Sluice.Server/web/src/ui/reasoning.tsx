import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../state/entry';
import { choices } from '../state/storage';
import { words } from '../words';
import { AnswerBody } from './answer-body';

/** What the model thought before it answered. Whether it is open is remembered; closed, nothing of it is rendered. */
export function Reasoning({ entry }: { entry: Entry }) {
  const live = entry.live.value;
  const [hasCome, setCome] = useState(false);
  const [isOpen, setOpen] = useState(choices.get('reasoning') === 'open');

  useEffect(() => live?.onText({
    text: () => {},
    reasoning: () => setCome(true),
    replaced: (_, reasoning) => setCome(reasoning !== ''),
  }), [live]);

  if (!hasCome && !entry.message.value.reasoning) return null;
  return (
    <details
      class="reasoning"
      open={isOpen}
      onToggle={event => {
        setOpen(event.currentTarget.open);
        choices.set('reasoning', event.currentTarget.open ? 'open' : '');
      }}
    >
      <summary>{words.reasoning}</summary>
      {isOpen && <AnswerBody entry={entry} part="reasoning" />}
    </details>
  );
}
