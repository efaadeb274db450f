import { conversations } from '../state/list';
import { current, show } from '../state/threads';
import { dialog, isDrawerOpen, isNarrow, isSidebarOpen, toggleSidebar } from '../state/view';
import { words } from '../words';
import { conversationItems } from './conversation-items';
import { focusComposer } from './focus';
import { IconButton } from './icon-button';
import { Menu } from './menu';
import { renamed } from './renamed';

/** Above the answers: what is shown, and what can be done with it. */
export function Header() {
  const thread = current.value;
  const id = thread.id.value;
  const title = thread.title.value;
  const conversation = conversations.value.find(one => one.id === id);
  const isListShown = isNarrow.value ? isDrawerOpen.value : isSidebarOpen.value;
  return (
    <header class="bar">
      {!isListShown && <IconButton icon="panel" label={words.showSidebar} aria-expanded={false} onClick={toggleSidebar} />}
      <h1 class="title" dir="auto">{title || (thread.status.value === 'new' ? words.newChat : 'Sluice')}</h1>
      <span class="bar-actions">
        {!isListShown && (
          <IconButton icon="plus" label={words.newChat} onClick={() => {
            show('');
            focusComposer();
          }} />
        )}
        {conversation && <Menu icon="more" label={words.options(title)} items={conversationItems(conversation, () => {
          if (!isListShown) toggleSidebar();
          renamed.value = id;
        })} />}
        {!isListShown && <IconButton icon="sliders" label={words.menu} onClick={() => (dialog.value = 'menu')} />}
      </span>
    </header>
  );
}
