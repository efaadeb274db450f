// One question and its answer in the transcript.
import { AnswerStream } from './stream.js';
import { AnswerText } from './text.js';
import { translate, words } from './words.js';

// What the server may take to confirm a stop, in milliseconds.
const stopLimit = 2000;

const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const number1 = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

export class Turn {
  #parts = {};
  #on;
  #stream = null;
  #state = '';
  #id = '';
  #model = '';
  #isStopping = false;
  #stopTimer = 0;
  #frame = 0;
  #clock = 0;

  // What has arrived, what of it is not on the page yet, and where it goes.
  #text = '';
  #thought = '';
  #unshown = { text: '', thought: '' };
  #answer;
  #reasoning;
  #tools = new Set();
  #answeredBy = '';

  // Moments of performance.now(); 0 for not yet.
  #isTimed = false;
  #asked = 0;
  #first = 0;
  #last = 0;
  #events = 0;

  /**
   * @param {string} name under which it is kept
   * @param {string} question
   * @param {{changed(turn: Turn): void, settled(turn: Turn, spoken: string): void, say(text: string): void, again(turn: Turn): void, edit(question: string): void}} on
   *   `changed`: its record is worth keeping anew
   */
  constructor(name, question, on) {
    this.name = name;
    this.question = question;
    this.#on = on;
    const root = document.getElementById('turn').content.cloneNode(true).firstElementChild;
    translate(root);
    this.root = root;
    for (const name of ['question', 'reasoning', 'note', 'answer', 'problem', 'what', 'message', 'advice', 'code', 'state', 'figures', 'actions', 'retry', 'copy', 'again', 'edit']) {
      this.#parts[name] = root.querySelector(`.${name}`);
    }
    const { question: heading, retry, again, edit, copy } = this.#parts;
    heading.textContent = question;
    retry.addEventListener('click', () => on.again(this));
    again.addEventListener('click', () => on.again(this));
    edit.addEventListener('click', () => on.edit(question));
    copy.addEventListener('click', () => this.#copy());
  }

  /** Whether anything of an answer has arrived, so that asking again must not overwrite it. */
  get hasText() {
    return this.#text !== '' || this.#thought !== '';
  }

  /** Whether its answer is still coming. */
  get isRunning() {
    return this.#stream !== null;
  }

  /** The id of its stream, or an empty string. */
  get stream() {
    return this.#id;
  }

  /** Where it stands: `running`, or how it ended. */
  get state() {
    return this.isRunning ? 'running' : this.#state;
  }

  /** Everything that brings it back: see `restore`. */
  get record() {
    const { state, note, what, message, advice, code, figures } = this.#parts;
    return {
      name: this.name, question: this.question, model: this.#model, stream: this.#id, seq: this.#stream?.seq ?? 0, state: this.state,
      text: this.#text, thought: this.#thought, answeredBy: this.#answeredBy, label: state.textContent, figures: figures.textContent,
      isReset: !note.hidden, problem: this.#parts.problem.hidden ? null : [what, message, advice, code].map(part => part.textContent),
    };
  }

  /** Asks, or asks anew: the model as picked, or an empty name for the server's default. */
  start(model) {
    this.#begin(model, true);
    this.#stream.ask(this.question, model);
    this.#on.changed(this);
  }

  /** Brings back what was kept: an ended answer as it was, a running one live from where it stood. */
  restore(record) {
    this.#begin(record.model, false);
    this.#id = record.stream;
    this.#answeredBy = record.answeredBy;
    this.#replace(record.text, record.thought);
    this.#parts.note.hidden = !record.isReset;
    if (record.state === 'running' && record.stream) {
      this.#show(record.text ? 'streaming' : 'connecting');
      this.#stream.follow(record.stream, record.seq);
      return;
    }
    const isUnknown = record.state === 'running';
    this.#finish(isUnknown ? 'lost' : record.state, isUnknown ? words.lost : record.label);
    this.#parts.figures.textContent = record.figures;
    const problem = isUnknown ? [words.whatLost, words.messageUnsure, '', 'connection_lost'] : record.problem;
    if (problem) this.#showProblem(...problem);
  }

  #begin(model, isTimed) {
    const { reasoning, problem, figures, actions, note } = this.#parts;
    this.#stream?.close();
    clearInterval(this.#clock);
    this.#model = model;
    this.#id = this.#answeredBy = '';
    this.#isStopping = false;
    this.#replace('', '');
    this.#events = 0;
    this.#tools = new Set();
    this.#isTimed = isTimed;
    this.#asked = performance.now();
    this.#first = this.#last = 0;
    problem.hidden = reasoning.hidden = actions.hidden = note.hidden = true;
    figures.textContent = '';
    this.#show('connecting');
    this.#clock = setInterval(() => this.#tick(), 500);
    this.#stream = new AnswerStream({
      event: e => this.#onEvent(e),
      ended: e => this.#onEnded(e),
      lost: p => this.#onLost(p),
      cut: () => {
        this.#show('reconnecting');
        this.#on.say(words.reconnecting(''));
      },
      mended: () => this.#show(this.#text ? 'streaming' : this.#thought ? 'thinking' : 'waiting'),
    });
  }

  /** Has the server stop. Its last word is waited for, but not for long. */
  stop() {
    if (!this.#stream || this.#isStopping) return;
    this.#show('stopping');
    this.#isStopping = true;
    this.#stream.cancel();
    this.#stopTimer = setTimeout(() => {
      this.#stream.leave();
      this.#settle('stopped', words.stoppedUnsure);
    }, stopLimit);
  }

  /** Makes the buttons that ask again usable or not. */
  set isLocked(value) {
    this.#parts.retry.disabled = this.#parts.again.disabled = value;
  }

  #onEvent(event) {
    switch (event.type) {
      case 'start':
        this.#answeredBy = event.model;
        this.#id = event.stream_id;
        this.#show('waiting');
        this.#on.changed(this);
        return;
      case 'snapshot':
        this.#answeredBy = event.model;
        this.#id = this.#stream.id;
        this.#replace(event.text, event.reasoning);
        this.#tools.clear();
        this.#addTools(event.tool_calls);
        this.#show(event.text ? 'streaming' : event.reasoning ? 'thinking' : 'waiting');
        this.#draw();
        return;
      case 'reset':
        this.#replace('', '');
        this.#tools.clear();
        this.#parts.note.hidden = false;
        this.#show('waiting');
        return;
      case 'delta':
        this.#text += event.content;
        this.#unshown.text += event.content;
        this.#show('streaming');
        break;
      case 'reasoning':
        this.#thought += event.content;
        this.#unshown.thought += event.content;
        this.#show('thinking');
        break;
      case 'tool':
        this.#addTools(event.tool_calls);
        break;
      default:
        return;
    }
    this.#last = performance.now();
    this.#first ||= this.#last;
    this.#events++;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #addTools(calls) {
    for (const call of calls ?? []) if (call.function?.name) this.#tools.add(call.function.name);
  }

  #onEnded(event) {
    if (event.code === 'stream_lost') {
      this.#fail('lost', words.lost, this.#text ? words.whatPartial : words.whatNone, words.messageGone, event.code);
      return;
    }
    if (event.answer !== this.#text) this.#replace(event.answer, this.#thought);
    if (event.type === 'error') {
      this.#fail('failed', words.failed, event.answer ? words.whatPartial : words.whatNone, event.message, event.code, event.retryable ? '' : words.adviceFinal);
    } else if (event.type === 'cancelled') {
      this.#settle('stopped', this.#isStopping ? words.stopped : words.cancelled);
    } else {
      this.#answeredBy = event.model ?? this.#answeredBy;
      const notes = [];
      if (event.finish_reason === 'length') notes.push(words.cutShort);
      if (event.finish_reason === 'content_filter') notes.push(words.filtered);
      if (this.#tools.size) notes.push(words.tools([...this.#tools].join(', ')));
      else if (!event.answer) notes.push(words.nothing);
      this.#settle('done', notes.join(' '), `${words.complete} ${event.answer}`, event.usage?.completion_tokens);
    }
  }

  #onLost({ code, message, refused }) {
    const started = this.#id !== '';
    if (code === 'invalid_api_key') {
      // The session has ended. The question stays in the history.
      this.#fail('failed', words.failed, words.whatRefused, words.messageSignIn, code);
      location.assign('login');
    } else if (code === 'busy') {
      this.#fail('failed', words.failed, words.whatRefused, words.messageBusy, code);
    } else if (refused) {
      this.#fail('failed', words.failed, words.whatRefused, message ?? words.messageRefused, code);
    } else if (started) {
      this.#fail('lost', words.lost, words.whatLost, words.messageLost, code);
    } else {
      this.#fail('lost', words.lost, words.whatUnreachable, navigator.onLine ? words.messageUnreachable : words.messageOffline, code);
    }
  }

  #fail(state, label, what, message, code, advice = '') {
    this.#showProblem(what, message, advice, code);
    this.#settle(state, label);
  }

  #showProblem(...texts) {
    ['what', 'message', 'advice', 'code'].forEach((name, i) => (this.#parts[name].textContent = texts[i]));
    this.#parts.problem.hidden = false;
  }

  #settle(state, label, spoken = label, tokens = 0) {
    this.#finish(state, label);
    this.#showFigures(tokens);
    this.#on.changed(this);
    this.#on.settled(this, spoken);
  }

  #finish(state, label) {
    this.#stream = null;
    clearInterval(this.#clock);
    clearTimeout(this.#stopTimer);
    this.#isStopping = false;
    this.#draw();
    this.#answer.finish();
    this.#reasoning.finish();
    this.#show(state);
    this.#parts.state.textContent = label;
    this.#parts.actions.hidden = false;
    // Without a secure context (plain http from another machine) there is no clipboard.
    this.#parts.copy.hidden = !this.#text || !navigator.clipboard;
  }

  // What was shown is void; the last event of an answer, too, holds the whole text, whatever went wrong before it.
  #replace(text, thought) {
    this.#text = text;
    this.#answer = new AnswerText(this.#parts.answer);
    this.#unshown = { text, thought: this.#unshown.thought };
    if (thought === this.#thought && thought) return;
    this.#thought = this.#unshown.thought = thought;
    this.#parts.reasoning.hidden = true;
    this.#reasoning = new AnswerText(this.#parts.reasoning.querySelector('.text'));
  }

  #show(state) {
    // On the way to its stop an answer may still grow.
    if (this.#state === state || this.#isStopping) return;
    this.#state = state;
    this.root.dataset.state = state;
    this.#showState();
  }

  #showState() {
    const waited = Math.floor((performance.now() - this.#asked) / 1000);
    const kept = this.#text.length + this.#thought.length;
    const label = { reconnecting: words.reconnecting(kept ? number.format(kept) : ''), stopping: words.stopping, connecting: words.connecting, waiting: words.waiting(waited), thinking: words.thinking, streaming: words.streaming }[this.#state];
    if (label !== undefined && this.#parts.state.textContent !== label) this.#parts.state.textContent = label;
  }

  #tick() {
    this.#draw();
    this.#showState();
    this.#showFigures();
  }

  // Once per frame, however many events came; a hidden tab draws nothing until its clock ticks or the answer ends.
  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { text, thought } = this.#unshown;
    this.#unshown.text = this.#unshown.thought = '';
    if (thought) {
      this.#parts.reasoning.hidden = false;
      this.#reasoning.append(thought);
    }
    if (text) this.#answer.append(text);
  }

  #showFigures(tokens) {
    const figures = this.#answeredBy ? [this.#answeredBy] : [];
    if (this.#first && this.#isTimed) {
      const wait = this.#first - this.#asked;
      figures.push(words.firstToken(wait < 1000 ? `${Math.round(wait)} ms` : `${number1.format(wait / 1000)} s`));
      const seconds = (this.#last - this.#first) / 1000;
      // Below a twentieth of a second the speed of the network is all that a rate would tell.
      const rate = count => (count < 20 ? number1 : number).format(count);
      if (seconds > 0.05) figures.push(tokens ? words.tokenRate(rate(tokens / seconds)) : words.eventRate(rate(this.#events / seconds)));
    }
    if (tokens) figures.push(words.tokens(number.format(tokens)));
    this.#parts.figures.textContent = figures.join(' · ');
  }

  async #copy() {
    await navigator.clipboard.writeText(this.#text);
    const { copy } = this.#parts;
    copy.classList.add('done');
    copy.title = words.copied;
    copy.addEventListener('pointerleave', () => {
      copy.classList.remove('done');
      copy.title = words.copy;
    }, { once: true });
  }
}
