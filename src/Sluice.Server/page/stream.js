// Asks a question and hands on the events of its answer (docs/http-api.md). The browser's own EventSource does it, unless the question is
// too long for an address.
const longestQuery = 1800;
const terminal = new Set(['end', 'error', 'cancelled']);

/**
 * Asks. Exactly one of the viewer's `ended` and `lost` is called, once, unless `close` came first.
 * @param {{event(e: object): void, ended(e: object): void, lost(problem: {code: string, message?: string, refused?: boolean}): void}} viewer
 * @returns {{close(): void}} `close` leaves: the server then gives up the answer.
 */
export function ask(question, model, viewer) {
  const fields = model ? { prompt: question, model } : { prompt: question };
  const query = new URLSearchParams(fields).toString();
  return query.length > longestQuery ? askByPost(fields, viewer) : askByEventSource(query, model, viewer);
}

function askByEventSource(query, model, viewer) {
  // The page does not come back to an answer that it has left, so nobody shall pay for the rest.
  const source = new EventSource(`ask/stream?${query}&on_disconnect=cancel`);
  let isLeft = false;
  const leave = () => {
    isLeft = true;
    source.onmessage = source.onerror = null;
    source.close();
  };
  source.onmessage = message => dispatch(message.data, viewer, leave);
  source.onerror = async () => {
    // CLOSED is a refusal in HTTP, whose body an EventSource does not show; anything else is the network, and the browser would connect
    // again by itself: to an answer that ended with its viewer.
    const refused = source.readyState === EventSource.CLOSED;
    source.close();
    const problem = refused ? await whyRefused(model) : { code: 'connection_lost' };
    if (!isLeft) viewer.lost(problem);
  };
  return { close: leave };
}

async function whyRefused(model) {
  try {
    const response = await fetch(model ? `v1/models/${encodeURIComponent(model)}` : 'healthz');
    if (!response.ok) return await readProblem(response);
  } catch {
    return { code: 'connection_lost' };
  }
  return { code: 'refused', refused: true };
}

function askByPost(fields, viewer) {
  const abort = new AbortController();
  readPost(fields, viewer, abort).catch(() => {
    if (!abort.signal.aborted) viewer.lost({ code: 'connection_lost' });
  });
  return { close: () => abort.abort() };
}

async function readPost(fields, viewer, abort) {
  const response = await fetch('ask/stream', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', 'X-Sluice-On-Disconnect': 'cancel' },
    body: JSON.stringify(fields),
    signal: abort.signal,
  });
  if (!response.ok) {
    viewer.lost(await readProblem(response));
    return;
  }
  for await (const data of readEvents(response.body)) {
    if (dispatch(data, viewer, () => abort.abort())) return;
  }
  viewer.lost({ code: 'connection_lost' });
}

function dispatch(data, viewer, leave) {
  let event;
  try {
    event = JSON.parse(data);
  } catch {
    leave();
    viewer.lost({ code: 'bad_event' });
    return true;
  }
  const isLast = terminal.has(event.type);
  if (isLast) {
    leave();
    viewer.ended(event);
  } else {
    viewer.event(event);
  }
  return isLast;
}

async function readProblem(response) {
  const error = await response.json().then(body => body.error, () => null);
  return { code: error?.code || `http_${response.status}`, message: error?.message, refused: true };
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation, as far as this server writes it: data only.
async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let data = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    // A CR at the very end may be the first half of CR LF.
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      } else if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      }
    }
  }
}
