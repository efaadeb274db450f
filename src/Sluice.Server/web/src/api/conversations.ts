// The conversations that the server keeps for whoever asks (docs/http-api.md).
import { request } from './request';
import type { Conversation, Found, Page, Role, WholeConversation } from './types';

const root = 'v1/conversations';
const at = (id: string): string => `${root}/${encodeURIComponent(id)}`;

/** How many conversations one page of the list holds. */
export const pageSize = 30;

/** The newest conversations, or those behind `after`. */
export function list(after?: string, limit = pageSize): Promise<Page<Conversation>> {
  const query = new URLSearchParams({ limit: String(limit), ...(after ? { after } : {}) });
  return request(`${root}?${query}`);
}

/** Full text over titles and messages. */
export function search(words: string, signal: AbortSignal): Promise<Page<Found>> {
  return request(`${root}?${new URLSearchParams({ limit: String(pageSize), q: words })}`, { signal });
}

export function read(id: string): Promise<WholeConversation> {
  return request(at(id));
}

/** Makes a conversation from questions and answers that exist already. */
export function create(title: string, messages: { role: Role; content: string }[]): Promise<WholeConversation> {
  return request(root, { method: 'POST', body: { title, messages } });
}

export function rename(id: string, title: string): Promise<Conversation> {
  return request(at(id), { method: 'PATCH', body: { title }, keepalive: true });
}

/** Says which branch is shown, by its last message. */
export function showBranch(id: string, head: string): Promise<Conversation> {
  return request(at(id), { method: 'PATCH', body: { head }, keepalive: true });
}

/** Deletes one; also while the page is being left. */
export function remove(id: string): Promise<null> {
  return request(at(id), { method: 'DELETE', keepalive: true });
}

export function removeAll(): Promise<null> {
  return request(root, { method: 'DELETE' });
}

/** Where a conversation is had as a file. */
export const exportUrl = (id: string, format: 'markdown' | 'json'): string => `${at(id)}/export?format=${format}`;
