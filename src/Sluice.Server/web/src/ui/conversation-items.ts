import { exportUrl } from '../api/conversations';
import type { Conversation } from '../api/types';
import { removeSoon } from '../state/editing-list';
import { link } from '../state/route';
import { words } from '../words';
import type { MenuItem } from './menu';

/** What can be done with a conversation. */
export function conversationItems(conversation: Conversation, rename: () => void): MenuItem[] {
  const { id } = conversation;
  return [
    { label: words.rename, icon: 'edit', run: rename },
    { label: words.otherTab, icon: 'out', href: link(id), opens: 'tab' },
    { label: words.exportMarkdown, icon: 'file', href: exportUrl(id, 'markdown'), opens: 'file' },
    { label: words.exportJson, icon: 'file', href: exportUrl(id, 'json'), opens: 'file' },
    { label: words.remove, icon: 'remove', isGrave: true, run: () => removeSoon(conversation) },
  ];
}
