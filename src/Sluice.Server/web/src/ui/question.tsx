import { useState } from 'preact/hooks';
import { ask } from '../state/asking';
import type { Entry } from '../state/entry';
import type { Thread } from '../state/thread';
import { edited } from '../state/view';
import { words } from '../words';
import { BranchSwitch } from './branch-switch';
import { focusComposer } from './focus';
import { IconButton } from './icon-button';
import { QuestionEditor } from './question-editor';
import { pinToEnd } from './scroller';

/** A question with more characters or lines than this is shown in part. */
const longest = 1200;
const mostLines = 12;

/** A question as it was typed, and what can be done with it. */
export function Question({ thread, entry }: { thread: Thread; entry: Entry }) {
  const { content, parent } = entry.message.value;
  const isLocked = thread.running.value !== null;
  const [isWhole, setWhole] = useState(false);
  const isLong = content.length > longest || content.split('\n').length > mostLines;
  const stop = (): void => {
    edited.value = null;
    focusComposer();
  };
  if (edited.value === entry.key) {
    return (
      <QuestionEditor
        text={content}
        isLocked={isLocked}
        onCancel={stop}
        onSend={text => {
          stop();
          void ask(thread, text, parent).then(pinToEnd);
        }}
      />
    );
  }
  return (
    <>
      <div class="asked">
        <IconButton class="edit" icon="edit" label={words.edit} disabled={isLocked} onClick={() => (edited.value = entry.key)} />
        <h2 class={`question ${isLong && !isWhole ? 'clamped' : ''}`} dir="auto">{content}</h2>
      </div>
      {isLong && <div class="asked-versions"><button type="button" class="text-button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>{isWhole ? words.showLess : words.showAll}</button></div>}
      <div class="asked-versions"><BranchSwitch thread={thread} entry={entry} /></div>
    </>
  );
}
