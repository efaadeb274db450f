import { ApiError } from '../api/api-error';
import * as api from '../api/conversations';
import type { WholeConversation } from '../api/types';
import type { Thread } from './thread';

/** Reads a conversation from the server and takes it over; null where it could not be had, which then shows in its status. */
export async function reread(thread: Thread): Promise<WholeConversation | null> {
  const id = thread.id.value;
  if (!id) return null;
  const known = new Set(thread.entries.value.map(entry => entry.message.value.id));
  try {
    const whole = await api.read(id);
    thread.take(whole, known);
    return whole;
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    // A proxy without its server says 404 as well.
    if (problem.code === 'conversation_not_found' || problem.status === 400) thread.status.value = 'missing';
    else if (thread.status.value !== 'ready') thread.status.value = 'failed';
    return null;
  }
}
