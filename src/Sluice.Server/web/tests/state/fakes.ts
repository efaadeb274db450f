import { signal } from '@preact/signals';
import type { Message, WholeConversation } from '../../src/api/types';
import type { AnswerNote, AnswerState, Asked, AskRequest, Figures, LiveAnswer, Problem, TextListener, ToolCall } from '../../src/stream/live-answer';

/** An answer that goes as a test says. */
export class FakeAnswer {
  readonly state = signal<AnswerState>('connecting');
  readonly figures = signal<Figures>({ model: 'm', ttftMs: 100, tokens: null, tokensPerSecond: null, elapsedMs: 0, attempts: null, finishReason: null });
  readonly problem = signal<Problem | null>(null);
  readonly note = signal<AnswerNote | null>(null);
  readonly kept = signal(0);
  readonly tools = signal<ToolCall[]>([]);
  text = '';
  reasoning = '';
  streamId = '';
  /** The key that it was asked with. */
  key = '';
  isDetached = false;
  isCancelled = false;
  readonly listeners = new Set<TextListener>();

  readonly request: AskRequest | null;
  readonly asked: (ids: Asked) => void;

  constructor(request: AskRequest | null = null, asked: (ids: Asked) => void = () => {}) {
    this.request = request;
    this.asked = asked;
  }

  onText(listener: TextListener): () => void {
    this.listeners.add(listener);
    if (this.text || this.reasoning) listener.replaced(this.text, this.reasoning);
    return () => this.listeners.delete(listener);
  }

  /** Text comes. */
  write(delta: string): void {
    this.text += delta;
    for (const listener of this.listeners) listener.text(delta);
  }

  /** What was written is void. */
  reset(text = ''): void {
    this.text = text;
    for (const listener of this.listeners) listener.replaced(text, this.reasoning);
  }

  end(state: AnswerState, problem: Problem | null = null): void {
    this.problem.value = problem;
    this.state.value = state;
  }

  cancel(): void {
    this.isCancelled = true;
  }

  drop(): void {}

  detach(): void {
    this.isDetached = true;
  }

  get live(): LiveAnswer {
    return this as unknown as LiveAnswer;
  }
}

/** What the page asked for and followed, in order; emptied by each test. */
export const made: FakeAnswer[] = [];

/** Stands for the module of LiveAnswer. */
export const fakeModule = {
  LiveAnswer: {
    ask(request: AskRequest, on: { asked(ids: Asked): void }, key: string): LiveAnswer {
      made.push(Object.assign(new FakeAnswer(request, on.asked), { key }));
      return made.at(-1)!.live;
    },
    follow(streamId: string): LiveAnswer {
      const answer = new FakeAnswer();
      answer.streamId = streamId;
      made.push(answer);
      return answer.live;
    },
  },
};

export const question = (id: string, parent: string | null, content = `Question ${id}`): Message => ({ id, parent, role: 'user', content, state: 'done', created_at: 1 });

export const answer = (id: string, parent: string, more: Partial<Message> = {}): Message => ({ id, parent, role: 'assistant', content: `Answer ${id}`, state: 'done', partial: false, created_at: 1, ...more });

export const whole = (messages: Message[], head = messages.at(-1)?.id ?? null): WholeConversation =>
  ({ id: 'cv_1', title: 'Title', head, created_at: 1, updated_at: 1, running: false, messages });
