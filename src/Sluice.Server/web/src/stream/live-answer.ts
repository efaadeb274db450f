import { type ReadonlySignal, signal } from '@preact/signals';
import { type AnswerNote, type AnswerState } from './answer-state';
import type { Asked, AskRequest } from './ask-request';
import { askedOf, newKey, questionOf } from './question';
import { sendCancel } from './cancellation';
import { type Figures, noFigures } from './figures';
import { Meter } from './meter';
import type { Problem } from './problem';
import type { EndEvent, SnapshotEvent, StreamEvent } from './stream-event';
import { type Link, StreamReader } from './stream-reader';
import { TabShare } from './tab-share';
import type { ToolCall } from './tool-call';
import { type Taken, Transcript } from './transcript';

export type { AnswerNote, AnswerState } from './answer-state';
export type { Asked, AskRequest, Turn } from './ask-request';
export type { Figures } from './figures';
export type { Problem } from './problem';
export type { ToolCall } from './tool-call';

// Milliseconds: between two looks at the figures; what the server may take to confirm a stop.
const figuresEvery = 500;
const stopLimit = 2_000;

/** Hears an answer's text as it comes. */
export interface TextListener {
  text(delta: string): void;
  reasoning(delta: string): void;
  /** All of it stands anew: what was shown before is void. */
  replaced(text: string, reasoning: string): void;
}

/** One answer that is on its way: its text, and where it stands. It lives until its end or `detach`, whether anyone looks or not. */
export class LiveAnswer {
  readonly #state = signal<AnswerState>('connecting');
  readonly #figures = signal<Figures>(noFigures);
  readonly #problem = signal<Problem | null>(null);
  readonly #note = signal<AnswerNote | null>(null);
  readonly #kept = signal(0);
  readonly #tools = signal<ToolCall[]>([]);

  readonly state: ReadonlySignal<AnswerState> = this.#state;
  /** Changes at most twice a second. */
  readonly figures: ReadonlySignal<Figures> = this.#figures;
  readonly problem: ReadonlySignal<Problem | null> = this.#problem;
  readonly note: ReadonlySignal<AnswerNote | null> = this.#note;
  /** Characters of answer and reasoning that stay while the connection is made anew. */
  readonly kept: ReadonlySignal<number> = this.#kept;
  /** Merged by index. */
  readonly tools: ReadonlySignal<ToolCall[]> = this.#tools;

  readonly #transcript = new Transcript();
  readonly #listeners = new Set<TextListener>();
  readonly #meter: Meter;
  readonly #onAsked: ((ids: Asked) => void) | null;
  #reader: StreamReader | null = null;
  #share: TabShare | null = null;
  #flow: AnswerState = 'connecting';
  #link: Link = 'open';
  #linkProblem: Problem | null = null;
  #isStopping = false;
  #isSettled = false;
  #clock: ReturnType<typeof setInterval> | undefined;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(onAsked: ((ids: Asked) => void) | null) {
    this.#onAsked = onAsked;
    this.#meter = new Meter(onAsked !== null);
    this.#clock = setInterval(() => this.#showFigures(), figuresEvery);
  }

  /** Asks. However often the connection breaks, the question is asked once. `asked` is called once, as soon as the server has taken it. */
  static ask(request: AskRequest, on: { asked(ids: Asked): void }, key = newKey()): LiveAnswer {
    const answer = new LiveAnswer(ids => on.asked(ids));
    answer.#reader = answer.#newReader(questionOf(request, key));
    answer.#reader.start();
    return answer;
  }

  /** Follows an answer that was asked for elsewhere or before, from its start. Tabs of one browser share one connection. */
  static follow(streamId: string): LiveAnswer {
    const answer = new LiveAnswer(null);
    answer.#transcript.streamId = streamId;
    answer.#openShare().join();
    return answer;
  }

  get text(): string {
    return this.#transcript.text;
  }

  get reasoning(): string {
    return this.#transcript.reasoning;
  }

  /** Empty until the server has named it. */
  get streamId(): string {
    return this.#transcript.streamId;
  }

  /** Tells `listener` all there is at once (as `replaced`, unless there is nothing), then what comes, until the returned function is called. */
  onText(listener: TextListener): () => void {
    this.#listeners.add(listener);
    if (this.text || this.reasoning) listener.replaced(this.text, this.reasoning);
    return () => this.#listeners.delete(listener);
  }

  /** Has the server stop. Its last word is waited for 2 s; then the state is `cancelled` with the problem `stop_unconfirmed`. */
  cancel(): void {
    if (this.#isStopping || this.#isSettled) return;
    this.#isStopping = true;
    this.#showState();
    if (this.streamId) void sendCancel(this.streamId);
    else if (this.#link === 'busy') return this.#stopUnasked();
    this.#stopTimer = setTimeout(() => {
      this.#note.value = null;
      // A stream that has no name yet is waited for, to be cancelled then.
      if (this.streamId) this.#close();
      this.#settle('cancelled', { code: 'stop_unconfirmed', retryable: false, refused: false });
    }, stopLimit);
  }

  /** The demonstration: cuts the connection. Everything then happens as in a real cut. */
  drop(): void {
    if (this.#share) this.#share.drop();
    else this.#reader?.drop();
  }

  /** Ends the connection from this side; the answer goes on at the server. The state stays as it is. */
  detach(): void {
    this.#isSettled = true;
    this.#close();
  }

  #newReader(question: ReturnType<typeof questionOf> | null): StreamReader {
    const reader: StreamReader = new StreamReader(question, () => ({ id: this.streamId, seq: this.#transcript.seq }), {
      event: (event, seq) => {
        if (this.#take(event, seq) !== 'gap' || reader.resync()) return;
        // The server has nothing in between; the last event holds the whole text anyway.
        this.#transcript.seq = seq! - 1;
        this.#take(event, seq);
      },
      link: (link, problem) => {
        this.#share?.tellLink(link, problem);
        this.#onLink(link, problem);
      },
      alive: () => this.#share?.tellAlive(),
      asked: headers => this.#onNamed(headers),
      over: problem => {
        this.#share?.tellOver(problem);
        this.#onOver(problem);
      },
    });
    return reader;
  }

  #openShare(): TabShare {
    const transcript = this.#transcript;
    const answer = this;
    this.#share = new TabShare(this.streamId, {
      get seq(): number {
        return transcript.seq;
      },
      get snapshot(): SnapshotEvent {
        return transcript.snapshot;
      },
      get link(): Link {
        return answer.#link;
      },
      get problem(): Problem | null {
        return answer.#linkProblem;
      },
      read: () => {
        if (this.#reader) return;
        this.#reader = this.#newReader(null);
        this.#reader.start();
      },
      rest: () => {
        this.#reader?.close();
        this.#reader = null;
      },
      drop: () => this.#reader?.drop(),
      event: (event, seq) => {
        if (this.#take(event, seq) === 'gap') this.#share?.resync();
      },
      linked: (link, problem) => this.#onLink(link, problem),
      over: problem => this.#onOver(problem),
    });
    return this.#share;
  }

  #onNamed(headers: Headers): void {
    if (this.#share) return;
    this.#transcript.streamId = headers.get('X-Sluice-Stream-Id')!;
    if (this.#isSettled) {
      // Stopped before it had a name: the server has the question all the same.
      this.#onAsked?.(askedOf(headers));
      void sendCancel(this.streamId);
      this.#close();
      return;
    }
    this.#openShare().lead();
    if (this.#isStopping) void sendCancel(this.streamId);
    this.#onAsked?.(askedOf(headers));
  }

  #take(event: StreamEvent, seq: number | null): Taken {
    if (this.#isSettled) return 'known';
    const { text, reasoning } = this.#transcript;
    const taken = this.#transcript.take(event, seq);
    if (taken === 'new') {
      this.#share?.tell(event, seq);
      this.#show(event, text, reasoning);
    }
    return taken;
  }

  // What the event changes; `text` and `reasoning` stood there before it.
  #show(event: StreamEvent, text: string, reasoning: string): void {
    switch (event.type) {
      case 'delta':
        this.#meter.count();
        for (const listener of this.#listeners) listener.text(event.content);
        this.#go('streaming');
        break;
      case 'reasoning':
        this.#meter.count();
        for (const listener of this.#listeners) listener.reasoning(event.content);
        this.#go('thinking');
        break;
      case 'start':
        this.#go('waiting');
        break;
      case 'tool':
        // Arguments come in as many pieces as text does: they are shown with the figures.
        if (this.#transcript.tools.length !== this.#tools.value.length) this.#tools.value = this.#transcript.tools;
        break;
      case 'status':
        this.#note.value = event.state;
        break;
      case 'reset':
        this.#note.value = 'reset';
        this.#replaced('waiting');
        break;
      case 'snapshot':
        if (event.text !== text || event.reasoning !== reasoning) this.#replaced('waiting');
        else this.#go(this.#flowOf('waiting'));
        break;
      case 'end':
      case 'error':
      case 'cancelled':
        if (this.#transcript.text !== text) this.#replaced('streaming');
        this.#onEnd(event);
        break;
    }
  }

  #replaced(otherwise: AnswerState): void {
    this.#tools.value = this.#transcript.tools;
    for (const listener of this.#listeners) listener.replaced(this.text, this.reasoning);
    this.#go(this.#flowOf(otherwise));
  }

  #flowOf(otherwise: AnswerState): AnswerState {
    return this.text ? 'streaming' : this.reasoning ? 'thinking' : otherwise;
  }

  #go(flow: AnswerState): void {
    if (this.#flow === flow && this.#note.value !== 'retrying') return;
    this.#flow = flow;
    // A retry is over once there is text; the other notes tell something of the text itself.
    if (this.#note.value === 'retrying' && flow !== 'waiting') this.#note.value = null;
    this.#showState();
  }

  #onEnd(event: EndEvent): void {
    this.#close();
    if (event.type === 'end') this.#settle('done', null);
    else if (event.type === 'cancelled') this.#settle('cancelled', null);
    else this.#settle(event.code === 'stream_lost' ? 'cut' : 'failed', { code: event.code, ...(event.message ? { message: event.message } : {}), retryable: event.retryable ?? false, refused: false });
  }

  #onLink(link: Link, problem: Problem | null): void {
    this.#link = link;
    this.#linkProblem = problem;
    if (link === 'busy' && this.#isStopping && !this.streamId) return this.#stopUnasked();
    if (this.#isSettled) return;
    if (link === 'open' && this.#flow === 'connecting') this.#flow = 'waiting';
    if (link !== 'open') this.#kept.value = this.text.length + this.reasoning.length;
    this.#problem.value = problem;
    this.#showState();
  }

  #onOver(problem: Problem | null): void {
    this.#close();
    if (this.#isSettled) return;
    if (problem === null) this.#settle('cut', { code: 'stream_lost', retryable: true, refused: false });
    else if (this.#isStopping && !this.streamId) this.#settle('cancelled', null);
    else this.#settle(problem.code === 'connection_lost' || problem.code === 'unreachable' ? 'cut' : 'failed', problem);
  }

  // Nothing was asked, so there is nothing to stop.
  #stopUnasked(): void {
    this.#close();
    this.#settle('cancelled', null);
  }

  #showState(): void {
    if (this.#isSettled) return;
    const link = this.#link === 'lost' ? 'cut' : this.#link;
    this.#state.value = this.#isStopping ? 'stopping' : link === 'open' ? this.#flow : link;
  }

  #settle(state: AnswerState, problem: Problem | null): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearInterval(this.#clock);
    clearTimeout(this.#stopTimer);
    this.#problem.value = problem;
    this.#showFigures();
    this.#state.value = state;
  }

  #showFigures(): void {
    this.#tools.value = this.#transcript.tools;
    this.#figures.value = this.#meter.figures(this.#transcript.model, this.#transcript.end);
  }

  // What is settled already and has no name yet stays until it has one, or until it is over.
  #close(): void {
    clearInterval(this.#clock);
    clearTimeout(this.#stopTimer);
    this.#share?.close();
    this.#reader?.close();
  }
}
