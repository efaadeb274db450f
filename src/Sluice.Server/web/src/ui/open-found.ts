import type { Found } from '../api/types';
import { show } from '../state/threads';
import { isDrawerOpen, sought } from '../state/view';

/** Shows a conversation that was found, at the message that was. */
export function openFound({ id, message = null }: Pick<Found, 'id' | 'message'>): void {
  show(id);
  sought.value = message;
  isDrawerOpen.value = false;
}
