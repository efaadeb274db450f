import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Conversation, Message, WholeConversation } from '../api/types';
import { isEnd } from '../stream/answer-state';
import { Entry } from './entry';
import { Tree, type Turn } from './tree';
import { withWhatArrived } from './what-arrived';

/** How far a conversation has been read: `new` is not at the server yet, `missing` never was or is no longer. */
export type ThreadStatus = 'new' | 'loading' | 'ready' | 'missing' | 'failed';

const isSame = (a: Message, b: Message): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One conversation on this page: its messages as a tree, and the branch that is shown. */
export class Thread {
  /** Empty until the server has named it. */
  readonly id = signal('');
  readonly title = signal('');
  readonly status = signal<ThreadStatus>('new');
  readonly head = signal<string | null>(null);
  readonly entries = signal<readonly Entry[]>([]);

  /** The messages by what follows what. */
  readonly tree: ReadonlySignal<Tree<Message>> = computed(() => new Tree(this.entries.value.map(entry => entry.message.value)));
  readonly #byId = computed(() => new Map(this.entries.value.map(entry => [entry.message.value.id, entry])));

  /** What is shown, the oldest turn first. */
  readonly turns: ReadonlySignal<Turn<Entry>[]> = computed(() =>
    this.tree.value.turns(this.head.value).map(({ question, answer }) => ({ question: this.#entryOf(question), answer: this.#entryOf(answer) })));

  /** The shown answer that is on its way; null while none is. */
  readonly running: ReadonlySignal<Entry | null> = computed(() =>
    this.turns.value.map(turn => turn.answer).find(entry => entry?.live.value && !isEnd(entry.live.value.state.value)) ?? null);

  find(id: string | null): Entry | null {
    return (id !== null && this.#byId.value.get(id)) || null;
  }

  /** The branches that a message is one of. Answers that failed without a word are left out, unless that one is shown. */
  branches(entry: Entry): Entry[] {
    return this.tree.value.siblings(entry.message.value.id).map(message => this.find(message.id)!).filter(other => other === entry || !isEmptyFailure(other));
  }

  /** The last message of the shown branch that the server has; null before the first. */
  get lastStored(): Entry | null {
    return this.tree.value.path(this.head.value).map(message => this.find(message.id)!).findLast(entry => entry.isStored) ?? null;
  }

  /** Shows the branch of that message. */
  show(id: string): void {
    this.head.value = this.tree.value.leaf(id)?.id ?? id;
  }

  add(...entries: Entry[]): void {
    this.entries.value = [...this.entries.value, ...entries];
  }

  /** Takes messages off the page. */
  drop(...entries: (Entry | null)[]): void {
    this.entries.value = this.entries.value.filter(entry => !entries.includes(entry));
  }

  /** The server has named a message of this page; had it been read before it was named, that one gives way. */
  named(entry: Entry, id: string, parent: string | null): void {
    const old = entry.message.value.id;
    this.drop(...this.entries.value.filter(other => other !== entry && other.message.value.id === id));
    entry.message.value = { ...entry.message.value, id, parent };
    if (this.head.value === old) this.head.value = id;
  }

  /**
   * Takes over what the server has. What runs on this page knows better and stays; so does what the server does not have.
   * @param known the ids that were here when the server was asked: those that it no longer has go
   */
  take(whole: WholeConversation, known: ReadonlySet<string>): void {
    const isFirst = this.status.value !== 'ready';
    const ids = new Set(whole.messages.map(message => message.id));
    const kept = this.entries.value.filter(entry => entry.live.value || !entry.isStored || ids.has(entry.message.value.id) || !known.has(entry.message.value.id));
    const byId = new Map(kept.map(entry => [entry.message.value.id, entry]));
    const stored = whole.messages.map(message => {
      const entry = byId.get(message.id);
      if (!entry) return new Entry(message);
      const news = withWhatArrived(message, entry.message.value.content);
      if (!entry.live.value && !isSame(entry.message.value, news)) entry.message.value = news;
      return entry;
    });
    const others = kept.filter(entry => !ids.has(entry.message.value.id));
    if (stored.length !== this.entries.value.length || stored.some((entry, i) => entry !== this.entries.value[i])) this.entries.value = [...stored, ...others];
    this.describe(whole);
    // Whoever reads one branch is not moved to another; only further along the same one.
    const shown = this.head.value;
    if (isFirst || shown === null || (whole.head && this.tree.value.path(whole.head).some(message => message.id === shown))) this.head.value = whole.head;
    this.status.value = 'ready';
  }

  /** Takes over what the list says of it. */
  describe(conversation: Pick<Conversation, 'id' | 'title'>): void {
    this.id.value = conversation.id;
    this.title.value = conversation.title;
  }

  #entryOf(message: Message | null): Entry | null {
    return message && this.find(message.id);
  }
}

function isEmptyFailure(entry: Entry): boolean {
  const { role, state, content, reasoning } = entry.message.value;
  return role === 'assistant' && (state === 'failed' || state === 'cancelled') && !entry.live.value && !content && !reasoning;
}
