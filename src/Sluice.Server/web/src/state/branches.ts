import { ApiError } from '../api/api-error';
import * as api from '../api/conversations';
import { words } from '../words';
import { announce } from './notices';
import type { Entry } from './entry';
import type { Thread } from './thread';

/** Shows another branch, and has the server keep that. */
export async function switchTo(thread: Thread, entry: Entry): Promise<void> {
  thread.show(entry.message.value.id);
  const head = thread.lastStored?.message.value.id;
  if (!thread.id.value || !head) return;
  try {
    await api.showBranch(thread.id.value, head);
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    announce(words.notSwitched);
  }
}
