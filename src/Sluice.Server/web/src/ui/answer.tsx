import { regenerate } from '../state/asking';
import type { Entry } from '../state/entry';
import { findOut } from '../state/following';
import type { Thread } from '../state/thread';
import { load } from '../state/threads';
import { isEnd } from '../stream/answer-state';
import { words } from '../words';
import { AnswerBody } from './answer-body';
import { BranchSwitch } from './branch-switch';
import { CopyButton } from './copy-button';
import { isPartial, troubleOf } from './ending';
import { figureTexts, keptFigures } from './figures';
import { focusComposer } from './focus';
import { IconButton } from './icon-button';
import { Notes } from './notes';
import { ProblemBox } from './problem-box';
import { Reasoning } from './reasoning';
import { StateLine } from './state-line';

interface Props {
  thread: Thread;
  entry: Entry;
  question: Entry | null;
}

/** An answer: what the model thought, what it wrote, how that stands, and what can be done with it. */
export function Answer({ thread, entry, question }: Props) {
  const message = entry.message.value;
  const live = entry.live.value;
  const state = live?.state.value ?? null;
  const isOver = state === null ? message.state !== 'running' : isEnd(state);
  const seen = { problem: live?.problem.value ?? entry.problem.value, isStoppedHere: entry.isStoppedHere, isStored: entry.isStored };
  const trouble = troubleOf(live ? { ...message, content: live.text } : message, seen, state);
  const isLocked = thread.running.value !== null;
  const again = (): void => {
    if (question) void regenerate(thread, question);
    focusComposer();
  };
  return (
    <>
      <Reasoning entry={entry} />
      <Notes entry={entry} />
      <AnswerBody entry={entry} part="text" />
      {!trouble && isOver && isPartial(message) && <p class="partial">{words.incomplete}</p>}
      {trouble && <ProblemBox trouble={trouble} isLocked={isLocked} onRetry={again} onReload={() => void (live ? findOut(thread, entry, live) : load(thread))} />}
      <div class="meta">
        <StateLine entry={entry} />
        <FigureLine entry={entry} />
        {isOver && (
          <span class="actions">
            <BranchSwitch thread={thread} entry={entry} />
            {(live ? live.text : message.content) && <CopyButton text={() => (live ? live.text : entry.message.value.content)} />}
            {question && !trouble && <IconButton class="again" icon="again" label={words.again} disabled={isLocked} onClick={again} />}
          </span>
        )}
      </div>
    </>
  );
}

function FigureLine({ entry }: { entry: Entry }) {
  const live = entry.live.value;
  const texts = figureTexts(live ? live.figures.value : keptFigures(entry.message.value));
  return texts.length > 0 ? <span class="figures">{texts.join(' · ')}</span> : null;
}
