import { useEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../api/types';
import { rename } from '../state/editing-list';
import { link } from '../state/route';
import { runningIds } from '../state/running';
import { current, show } from '../state/threads';
import { isDrawerOpen } from '../state/view';
import { words } from '../words';
import { conversationItems } from './conversation-items';
import { focusComposer, isComposing } from './focus';
import { Menu } from './menu';
import { renamed } from './renamed';

/** One conversation of the list. */
export function ConversationRow({ conversation }: { conversation: Conversation }) {
  const { id, running } = conversation;
  const title = conversation.title || words.untitled;
  const isCurrent = current.value.id.value === id;
  if (renamed.value === id) return <li class="row-item"><Renaming conversation={conversation} /></li>;
  return (
    <li class="row-item">
      <a
        class="row-link"
        href={link(id)}
        title={title}
        dir="auto"
        aria-current={isCurrent ? 'page' : undefined}
        onClick={event => {
          // With a key held it is the browser's: another tab, another window.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          show(id);
          isDrawerOpen.value = false;
          focusComposer();
        }}
        onDblClick={() => (renamed.value = id)}
      >
        <span class="row-title">{title}</span>
        {(running || runningIds.value.has(id)) && <span class="dot" role="img" aria-label={words.running} title={words.running} />}
      </a>
      <Menu class="row-menu" icon="more" label={words.options(title)} items={conversationItems(conversation, () => (renamed.value = id))} />
    </li>
  );
}

function Renaming({ conversation }: { conversation: Conversation }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.select(), []);
  const end = (isWanted: boolean): void => {
    if (renamed.value !== conversation.id) return;
    renamed.value = null;
    if (isWanted) void rename(conversation, box.current!.value);
    focusComposer();
  };
  return (
    <input
      ref={box}
      class="row-input"
      defaultValue={conversation.title}
      maxLength={200}
      aria-label={words.newTitle}
      onBlur={() => end(true)}
      onKeyDown={event => {
        if (isComposing(event) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Enter');
      }}
    />
  );
}
