// Asks a question and follows its answer (docs/http-api.md). The browser's own EventSource does it, and finds back by itself after a cut:
// the server knows from its Last-Event-ID what was missed. Only a question too long for an address is posted; what is left of its answer
// after a cut comes through an EventSource too.
const longestQuery = 1800;
const terminal = new Set(['end', 'error', 'cancelled']);

// Milliseconds: without a connection until the page gives up, the same where the server is there but takes nothing now and says itself when it will,
// of a connection that counts as a good one, before a refused one is tried again.
const patience = 30_000;
const patienceBusy = 120_000;
const proven = 5_000;
const pause = 1_000;

/**
 * The events of one answer, each once. Exactly one of the viewer's `ended` and `lost` is called, once, unless `close` or `leave` came first.
 * @typedef {{event(e: object): void, ended(e: object): void, lost(problem: {code: string, message?: string, refused?: boolean}): void,
 *   cut(): void, mended(): void}} Viewer `cut`: the connection broke and is being made anew; `mended`: it stands again.
 */
export class AnswerStream {
  /** The stream's id, once the server has named it. */
  id = '';
  /** The number of the last event that was taken. */
  seq = 0;

  #viewer;
  #model = '';
  #source = null;
  #abort = null;
  #isOver = false;
  #isCancelled = false;
  #isLeft = false;
  #giveUp = 0;
  #retry = 0;

  // Moments of performance.now(); 0 for not yet. An event proves a connection, so does a while without a cut.
  #cutAt = 0;
  #openedAt = 0;
  #isProven = false;

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.#viewer = viewer;
  }

  /** Asks; an empty model is the server's default. */
  ask(question, model) {
    const fields = model ? { prompt: question, model } : { prompt: question };
    const query = new URLSearchParams(fields).toString();
    this.#model = model;
    if (query.length > longestQuery) this.#post(fields);
    else this.#open(`ask/stream?${query}`);
  }

  /** Follows an answer that was asked for before, from behind event `seq`. */
  follow(id, seq) {
    this.id = id;
    this.seq = seq;
    this.#open(`v1/streams/${encodeURIComponent(id)}/events?after=${seq}`);
  }

  /** Has the server stop; its last word is a `cancelled` event. Leaving alone would not stop it. */
  cancel() {
    this.#isCancelled = true;
    if (this.id) this.#sendCancel();
  }

  /** Tells the viewer nothing more. A stream that is to be cancelled but has no name yet is still waited for, and cancelled then. */
  leave() {
    this.#isLeft = true;
    if (this.id || !this.#isCancelled) this.close();
  }

  /** Ends the connection, for good. */
  close() {
    this.#isOver = true;
    clearTimeout(this.#giveUp);
    clearTimeout(this.#retry);
    this.#drop();
    this.#abort?.abort();
  }

  #drop() {
    if (!this.#source) return;
    this.#source.onopen = this.#source.onmessage = this.#source.onerror = null;
    this.#source.close();
    this.#source = null;
  }

  #open(url) {
    this.#drop();
    const source = new EventSource(url);
    this.#source = source;
    source.onopen = () => this.#onOpen();
    source.onmessage = message => this.#take(message.data, message.lastEventId);
    source.onerror = () => this.#onError(source);
  }

  #onOpen() {
    this.#openedAt = performance.now();
    if (!this.#giveUp) return;
    clearTimeout(this.#giveUp);
    this.#giveUp = 0;
    if (!this.#isLeft) this.#viewer.mended();
  }

  #onError(source) {
    const isRefused = source.readyState === EventSource.CLOSED;
    if (this.id) {
      this.#onCut();
      // A refusal in HTTP ends an EventSource, but a proxy without its server says no more than that the server is away.
      if (isRefused) this.#retry = setTimeout(() => this.follow(this.id, this.seq), pause);
    } else if (isRefused) {
      this.#drop();
      whyRefused(this.#model).then(problem => this.#lose(problem));
    } else if (this.#openedAt) {
      // The server took the call and closed it without an event: it is busy, or a limit is reached, and it has said when to come back.
      this.#onCut(patienceBusy, 'busy');
    } else {
      this.#lose({ code: 'connection_lost' });
    }
  }

  #onCut(limit = patience, code = 'connection_lost') {
    if (this.#giveUp || this.#isOver) return;
    const now = performance.now();
    if (!this.#cutAt || this.#isProven || (this.#openedAt && now - this.#openedAt > proven)) this.#cutAt = now;
    this.#isProven = false;
    this.#giveUp = setTimeout(() => this.#lose({ code }), Math.max(0, this.#cutAt + limit - now));
    if (!this.#isLeft) this.#viewer.cut();
  }

  #lose(problem) {
    if (this.#isOver) return;
    this.close();
    if (!this.#isLeft) this.#viewer.lost(problem);
  }

  #take(data, cursor) {
    let event;
    try {
      event = JSON.parse(data);
    } catch {
      this.#lose({ code: 'bad_event' });
      return;
    }
    if (this.#isKnown(event, cursor)) return;
    this.#isProven = true;
    if (event.type === 'start') {
      this.id = event.stream_id;
      if (this.#isCancelled) this.#sendCancel();
    }
    const isLast = terminal.has(event.type);
    if (isLast || (this.#isLeft && this.id)) this.close();
    if (this.#isLeft) return;
    if (isLast) this.#viewer.ended(event);
    else this.#viewer.event(event);
  }

  // An event's number is behind the last dot of its id. A status has none, and a snapshot stands for every number up to its own.
  #isKnown(event, cursor) {
    if (event.type === 'status') return false;
    if (event.type === 'snapshot') {
      this.seq = event.seq;
      return false;
    }
    const number = Number(cursor.slice(cursor.lastIndexOf('.') + 1));
    if (!Number.isInteger(number)) return false;
    if (number <= this.seq && event.type !== 'reset') return true;
    this.seq = number;
    return false;
  }

  #sendCancel() {
    // A cancel that does not get through is noticed by its missing last word.
    fetch(`v1/streams/${encodeURIComponent(this.id)}/cancel`, { method: 'POST', keepalive: true }).catch(() => {});
  }

  async #post(fields) {
    this.#abort = new AbortController();
    try {
      const response = await fetch('ask/stream', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
        body: JSON.stringify(fields),
        signal: this.#abort.signal,
      });
      if (!response.ok) return this.#lose(await readProblem(response));
      this.#onOpen();
      for await (const { data, id } of readEvents(response.body)) {
        this.#take(data, id);
        if (this.#isOver) return;
      }
    } catch {
      // However it broke, what follows is the same.
    }
    if (this.#isOver) return;
    if (!this.id) return this.#lose({ code: 'connection_lost' });
    this.#onCut();
    this.follow(this.id, this.seq);
  }
}

// An EventSource does not show the body of a refusal.
async function whyRefused(model) {
  try {
    const response = await fetch(model ? `v1/models/${encodeURIComponent(model)}` : 'healthz');
    if (!response.ok) return await readProblem(response);
  } catch {
    return { code: 'connection_lost' };
  }
  return { code: 'refused', refused: true };
}

async function readProblem(response) {
  const error = await response.json().then(body => body.error, () => null);
  return { code: error?.code || `http_${response.status}`, message: error?.message, refused: true };
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation, as far as this server writes it: data and id.
async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let data = [];
  let id = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    // A CR at the very end may be the first half of CR LF.
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      } else if (line.startsWith('id:')) {
        id = line.slice(line[3] === ' ' ? 4 : 3);
      } else if (line === '' && data.length > 0) {
        yield { data: data.join('\n'), id };
        data = [];
      }
    }
  }
}
