import { Shelf } from './storage';

// A new chat's draft belongs to its tab, one of a conversation to the browser. What is on its way belongs to the tab that sent it.
const ofTab = new Shelf(() => sessionStorage, 'sluice.');
const ofBrowser = new Shelf(() => localStorage, 'sluice.');

const shelf = (id: string): Shelf => (id ? ofBrowser : ofTab);
const draft = (id: string): string => `draft.${id || 'new'}`;
const sent = (id: string): string => `sent.${id || 'new'}`;

// Sent by this very page, which knows better than a reload what has become of it.
const sentHere = new Set<string>();

/** What was typed into a conversation and not sent; an empty id is the new chat's. */
export const drafts = {
  read(id: string): string {
    return shelf(id).get(draft(id)) ?? '';
  },

  save(id: string, text: string): void {
    shelf(id).set(draft(id), text.trim() ? text : '');
  },

  /** The question has been sent, but the server has not said that it has it. */
  sending(id: string, question: string): void {
    sentHere.add(id);
    ofTab.set(sent(id), question);
    // Something else may stand there: an earlier question was sent again.
    if (drafts.read(id).trim() === question) shelf(id).remove(draft(id));
  },

  /** Nobody knows whether the server has the question, or it has refused it: whoever looks there again finds it. */
  returned(id: string): void {
    sentHere.delete(id);
  },

  /** The server has the question, in the conversation of that name; what was typed meanwhile goes along. */
  arrived(id: string, name: string): void {
    ofTab.remove(sent(id));
    sentHere.delete(id);
    if (!name || name === id) return;
    drafts.save(name, drafts.read(id));
    shelf(id).remove(draft(id));
  },

  /**
   * What a page that was just opened has to bring back: the draft, else a question of which nobody knows whether it arrived.
   * @param known the questions that the server has
   */
  restore(id: string, known: readonly string[]): string {
    const lost = sentHere.has(id) ? null : ofTab.get(sent(id));
    if (lost !== null) ofTab.remove(sent(id));
    const text = drafts.read(id);
    if (text || lost === null || known.includes(lost)) return text;
    drafts.save(id, lost);
    return lost;
  },

  /** The conversation is gone. */
  forget(id: string): void {
    shelf(id).remove(draft(id));
    ofTab.remove(sent(id));
  },
};
