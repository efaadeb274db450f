import { listStatus } from '../state/list';
import { search } from '../state/search';
import { show } from '../state/threads';
import { dialog, isDrawerOpen, isNarrow, isSidebarOpen, toggleSidebar } from '../state/view';
import { words } from '../words';
import { ConversationList } from './conversation-list';
import { focusComposer } from './focus';
import { Icon } from './icon';
import { IconButton } from './icon-button';
import { newChatKeys } from './keys';
import { Logo } from './logo';
import { SearchResults } from './search-results';

/** The conversations: beside the answers where there is room, else over them. */
export function Sidebar() {
  const isShown = isNarrow.value ? isDrawerOpen.value : isSidebarOpen.value;
  return (
    <nav class="sidebar" aria-label={words.sidebar} inert={!isShown}>
      <div class="sidebar-top">
        <span class="brand"><Logo size={26} />Sluice</span>
        <IconButton icon={isNarrow.value ? 'close' : 'panel'} label={words.hideSidebar} onClick={toggleSidebar} />
      </div>
      <button
        type="button"
        class="new-chat"
        onClick={() => {
          show('');
          isDrawerOpen.value = false;
          focusComposer();
        }}
      >
        <Icon name="plus" />{words.newChat}<kbd>{newChatKeys}</kbd>
      </button>
      {listStatus.value !== 'off' && <SearchBox />}
      <div class="list">{search.query.value.trim() && listStatus.value !== 'off' ? <SearchResults /> : <ConversationList />}</div>
      <div class="sidebar-end">
        <button type="button" class="wide" onClick={() => (dialog.value = 'menu')}><Icon name="sliders" />{words.menu}</button>
      </div>
    </nav>
  );
}

function SearchBox() {
  const query = search.query.value;
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search"
        id="search"
        value={query}
        aria-label={words.search}
        placeholder={words.search}
        autocomplete="off"
        onInput={event => (search.query.value = event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape' || !query) return;
          event.preventDefault();
          event.stopPropagation();
          search.query.value = '';
        }}
      />
      {query && <IconButton icon="close" label={words.clearSearch} onClick={() => (search.query.value = '')} />}
    </div>
  );
}
