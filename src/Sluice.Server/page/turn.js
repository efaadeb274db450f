// One question and its answer in the transcript.
import { ask } from './stream.js';
import { AnswerText } from './text.js';
import { translate, words } from './words.js';

const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const number1 = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

export class Turn {
  #parts = {};
  #on;
  #stream = null;
  #state = '';
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
  #asked = 0;
  #first = 0;
  #last = 0;
  #events = 0;

  /**
   * @param {string} question
   * @param {{settled(turn: Turn, spoken: string): void, again(turn: Turn): void, edit(question: string): void}} on
   */
  constructor(question, on) {
    this.question = question;
    this.#on = on;
    const root = document.getElementById('turn').content.cloneNode(true).firstElementChild;
    translate(root);
    this.root = root;
    for (const name of ['question', 'reasoning', 'answer', 'problem', 'what', 'message', 'advice', 'code', 'state', 'figures', 'actions', 'retry', 'copy', 'again', 'edit']) {
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

  /** Asks, or asks anew: the model as picked, or an empty name for the server's default. */
  start(model) {
    const { answer, reasoning, problem, figures, actions } = this.#parts;
    this.#text = this.#thought = this.#answeredBy = '';
    this.#answer = new AnswerText(answer);
    this.#reasoning = new AnswerText(reasoning.querySelector('.text'));
    this.#unshown = { text: '', thought: '' };
    this.#events = 0;
    this.#tools = new Set();
    this.#asked = performance.now();
    this.#first = this.#last = 0;
    problem.hidden = reasoning.hidden = actions.hidden = true;
    figures.textContent = '';
    this.#show('connecting');
    this.#clock = setInterval(() => this.#tick(), 500);
    this.#stream = ask(this.question, model, {
      event: e => this.#onEvent(e),
      ended: e => this.#onEnded(e),
      lost: p => this.#onLost(p),
    });
  }

  /** Leaves the stream; the server gives up the answer. */
  stop() {
    if (!this.#stream) return;
    this.#stream.close();
    this.#settle('stopped', words.stopped);
  }

  /** Makes the buttons that ask again usable or not. */
  set isLocked(value) {
    this.#parts.retry.disabled = this.#parts.again.disabled = value;
  }

  #onEvent(event) {
    switch (event.type) {
      case 'start':
        this.#answeredBy = event.model;
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
        for (const call of event.tool_calls) if (call.function?.name) this.#tools.add(call.function.name);
        break;
      default:
        return;
    }
    this.#last = performance.now();
    this.#first ||= this.#last;
    this.#events++;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #onEnded(event) {
    if (event.answer !== this.#text) this.#replace(event.answer);
    if (event.type === 'error') {
      this.#fail('failed', words.failed, event.answer ? words.whatPartial : words.whatNone, event.message, event.code, event.retryable ? '' : words.adviceFinal);
    } else if (event.type === 'cancelled') {
      this.#settle('stopped', words.cancelled);
    } else {
      this.#answeredBy = event.model ?? this.#answeredBy;
      const notes = [];
      if (event.finish_reason === 'length') notes.push(words.cutShort);
      if (event.finish_reason === 'content_filter') notes.push(words.filtered);
      if (this.#tools.size) notes.push(words.tools([...this.#tools].join(', ')));
      else if (!event.answer) notes.push(words.nothing);
      this.#settle('done', notes.join(' '), `${words.complete} ${event.answer}`);
      this.#showFigures(event.usage?.completion_tokens);
    }
  }

  #onLost({ code, message, refused }) {
    const started = this.#state !== 'connecting';
    if (refused) {
      this.#fail('failed', words.failed, words.whatRefused, message ?? words.messageRefused, code);
    } else if (started) {
      this.#fail('lost', words.lost, words.whatLost, words.messageLost, code);
    } else {
      this.#fail('lost', words.lost, words.whatUnreachable, navigator.onLine ? words.messageUnreachable : words.messageOffline, code);
    }
  }

  #fail(state, label, what, message, code, advice = '') {
    this.#settle(state, label);
    Object.entries({ what, message, advice, code }).forEach(([name, text]) => (this.#parts[name].textContent = text));
    this.#parts.problem.hidden = false;
  }

  #settle(state, label, spoken = label) {
    this.#stream = null;
    clearInterval(this.#clock);
    this.#draw();
    this.#answer.finish();
    this.#reasoning.finish();
    this.#show(state);
    this.#parts.state.textContent = label;
    this.#parts.actions.hidden = false;
    // Without a secure context (plain http from another machine) there is no clipboard.
    this.#parts.copy.hidden = !this.#text || !navigator.clipboard;
    this.#showFigures();
    this.#on.settled(this, spoken);
  }

  // The last event holds the whole text: whatever went wrong before it, this is what was answered.
  #replace(text) {
    this.#text = text;
    this.#unshown.text = text;
    this.#answer = new AnswerText(this.#parts.answer);
  }

  #show(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.root.dataset.state = state;
    this.#showState();
  }

  #showState() {
    const waited = Math.floor((performance.now() - this.#asked) / 1000);
    const label = { connecting: words.connecting, waiting: words.waiting(waited), thinking: words.thinking, streaming: words.streaming }[this.#state];
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
    if (this.#first) {
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
