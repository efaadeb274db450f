// Everything that the palette offers.
import type { Found } from '../api/types';
import { exportUrl } from '../api/conversations';
import { regenerate, stop } from '../state/asking';
import { canDrop, dropAll } from '../state/demo';
import { conversations, listStatus } from '../state/list';
import { choose, model, models } from '../state/models';
import { link } from '../state/route';
import { theme, themes } from '../state/theme';
import { current, show } from '../state/threads';
import { dialog, edited, toggleSidebar } from '../state/view';
import { words } from '../words';
import { copy } from './clipboard';
import { focusComposer } from './focus';
import type { IconName } from './icon';
import { openFound } from './open-found';
import { themeNames } from './theme-names';

/** One line of the palette. */
export interface Command {
  id: string;
  group: string;
  label: string;
  icon: IconName;
  /** Plain text below the label. */
  detail?: string;
  run(): void;
}

const leaveFor = (url: string): void => location.assign(url);

/** What can be done now. */
export function actions(): Command[] {
  const thread = current.value;
  const last = thread.turns.value.at(-1);
  const running = thread.running.value;
  const id = thread.id.value;
  const text = last?.answer && !running ? last.answer.message.value.content : '';
  const group = words.groupActions;
  const list: (Command | false | null | undefined)[] = [
    { id: 'new', group, label: words.newChat, icon: 'plus', run: () => { show(''); focusComposer(); } },
    running !== null && { id: 'stop', group, label: words.actionStop, icon: 'stop', run: () => stop(thread) },
    text !== '' && { id: 'copy', group, label: words.actionCopy, icon: 'copy', run: () => void copy(text) },
    !running && last?.question && { id: 'again', group, label: words.actionAgain, icon: 'again', run: () => void regenerate(thread, last.question!) },
    !running && last?.question && { id: 'edit', group, label: words.actionEdit, icon: 'edit', run: () => { edited.value = last.question!.key; } },
    id !== '' && { id: 'tab', group, label: words.otherTab, icon: 'out', run: () => void open(link(id), '_blank', 'noopener') },
    id !== '' && { id: 'md', group, label: words.exportMarkdown, icon: 'file', run: () => leaveFor(exportUrl(id, 'markdown')) },
    id !== '' && { id: 'json', group, label: words.exportJson, icon: 'file', run: () => leaveFor(exportUrl(id, 'json')) },
    canDrop.value && { id: 'drop', group, label: words.demoDrop, icon: 'cut', run: dropAll },
    { id: 'sidebar', group, label: words.keySidebar, icon: 'panel', run: toggleSidebar },
    ...themes.filter(one => one !== theme.value).map((one): Command => ({ id: `theme ${one}`, group, label: words.actionTheme(themeNames[one]), icon: 'theme', run: () => { theme.value = one; } })),
    { id: 'help', group, label: words.keyboard, icon: 'keyboard', run: () => { dialog.value = 'help'; } },
    { id: 'settings', group, label: words.menu, icon: 'sliders', run: () => { dialog.value = 'menu'; } },
    { id: 'status', group, label: words.status, icon: 'chart', run: () => leaveFor('status') },
    { id: 'reference', group, label: words.reference, icon: 'book', run: () => leaveFor('reference') },
    listStatus.value !== 'off' && { id: 'removeAll', group, label: words.removeAll, icon: 'remove', run: () => { dialog.value = 'removeAll'; } },
  ];
  return list.filter(command => !!command);
}

/** Every conversation of the list, and every model that is not chosen already. */
export function places(): Command[] {
  return [
    ...conversations.value.map((one): Command => ({
      id: one.id, group: words.groupConversations, label: one.title || words.untitled, icon: 'chat', run: () => { show(one.id); focusComposer(); },
    })),
    ...models.value.filter(one => one.id !== model.value).map((one): Command => ({
      id: `model ${one.id}`, group: words.groupModels, label: words.actionModel(one.id), icon: 'cube', run: () => choose(one.id),
    })),
  ];
}

/** What the full text search found. */
export function finds(found: readonly Found[]): Command[] {
  return found.map(one => ({
    id: `found ${one.id} ${one.message ?? ''}`, group: words.groupFound, label: one.title || words.untitled, icon: 'search', detail: one.snippet ?? '', run: () => openFound(one),
  }));
}
