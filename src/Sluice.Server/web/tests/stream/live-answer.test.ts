import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveAnswer } from '../../src/stream/live-answer';
import { delta, end, event, FakeServer, named, settle, start, streamId } from './fake-server';

let server: FakeServer;
let answer: LiveAnswer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('BroadcastChannel', undefined);
  server = new FakeServer();
});
afterEach(() => {
  answer.detach();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = (): LiveAnswer => (answer = LiveAnswer.ask({ prompt: 'q', conversation: 'new' }, { asked: () => undefined }));

test('an answer is told piece by piece and ends whole', async () => {
  const asked = vi.fn();
  answer = LiveAnswer.ask({ prompt: 'q', conversation: 'new' }, { asked });
  expect(answer.state.value).toBe('connecting');
  const heard: string[] = [];
  answer.onText({ text: text => heard.push(text), reasoning: text => heard.push(`(${text})`), replaced: text => heard.push(`=${text}`) });
  server.last.open(named);
  await settle();
  expect(answer.state.value).toBe('waiting');
  expect(asked).toHaveBeenCalledExactlyOnceWith({ conversation: 'cv_1', question: 'ms_1', answer: 'ms_2' });
  server.last.send(start, event(2, { type: 'reasoning', content: 'Hm' }));
  await settle();
  expect(answer.state.value).toBe('thinking');
  server.last.send(delta(3, 'Hel'), delta(4, 'lo'));
  await settle();
  expect(answer.state.value).toBe('streaming');
  server.last.send(end(5, 'Hello'));
  await settle();
  expect(answer.state.value).toBe('done');
  expect(answer.text).toBe('Hello');
  expect(heard).toEqual(['(Hm)', 'Hel', 'lo']);
  expect(answer.figures.value).toMatchObject({ model: 'gpt', tokens: 7, attempts: 1, finishReason: 'stop' });
  expect(server.connections).toHaveLength(1);
});

test('a cut is mended from behind the last event, and nothing comes twice', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'), delta(3, 'b'));
  await settle();
  server.last.close(new TypeError('network'));
  await settle();
  expect(answer.state.value).toBe('reconnecting');
  expect(answer.kept.value).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.last.url).toBe(`v1/streams/${streamId}/events`);
  expect(server.last.header('Last-Event-ID')).toBe(`${streamId}.3`);
  server.last.open(named).send(delta(3, 'b'), delta(4, 'c'), end(5, 'abc'));
  await settle();
  expect(answer.text).toBe('abc');
  expect(answer.state.value).toBe('done');
});

test('a question that was cut before it had a stream is sent again with the same key and the same words', async () => {
  ask();
  server.last.fail();
  await vi.advanceTimersByTimeAsync(1_000);
  const [first, second] = server.connections;
  expect(second!.header('Idempotency-Key')).toBe(first!.header('Idempotency-Key'));
  expect(second!.init.body).toBe(first!.init.body);
  second!.open(named).send(start, end(2, 'x'));
  await settle();
  expect(answer.state.value).toBe('done');
});

test('a stream that has a name is never asked for again, even without an event', async () => {
  ask();
  server.last.open(named);
  await settle();
  server.last.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.last.url).toBe(`v1/streams/${streamId}/events`);
  expect(server.last.header('Last-Event-ID')).toBeNull();
});

test('a hole in the numbers is filled at once', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'), delta(4, 'c'));
  await settle();
  expect(answer.text).toBe('a');
  expect(server.connections).toHaveLength(2);
  expect(server.last.header('Last-Event-ID')).toBe(`${streamId}.2`);
  expect(answer.state.value).toBe('streaming');
  server.last.open(named).send(delta(3, 'b'), delta(4, 'c'), end(5, 'abc'));
  await settle();
  expect(answer.text).toBe('abc');
});

test('a hole that stays is none', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'), delta(4, 'c'));
  await settle();
  server.last.open(named).send(delta(4, 'c'), end(5, 'abc'));
  await settle();
  expect(server.connections).toHaveLength(2);
  expect(answer.text).toBe('abc');
  expect(answer.state.value).toBe('done');
});

test('a silence of two and a half heartbeats is a cut', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  await vi.advanceTimersByTimeAsync(37_000);
  expect(server.connections).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.connections[0]!.isAborted).toBe(true);
  expect(server.connections).toHaveLength(2);
});

test('keep-alives keep a connection', async () => {
  ask();
  server.last.open(named).send(start);
  for (let i = 0; i < 20; i++) {
    await vi.advanceTimersByTimeAsync(15_000);
    server.last.send(': ping\n');
  }
  await settle();
  expect(server.connections).toHaveLength(1);
  expect(answer.state.value).toBe('waiting');
});

test('a snapshot stands for everything up to its number', async () => {
  answer = LiveAnswer.follow(streamId);
  expect(server.last.url).toBe(`v1/streams/${streamId}/events`);
  server.last.open(named).send(event(40, { type: 'snapshot', seq: 40, model: 'chat', question: 'q', text: 'so far', reasoning: 'r', tool_calls: null }), delta(41, '!'));
  await settle();
  expect(answer.text).toBe('so far!');
  expect(answer.reasoning).toBe('r');
});

test('a reset makes void what was shown', async () => {
  ask();
  const replaced = vi.fn();
  answer.onText({ text: () => undefined, reasoning: () => undefined, replaced });
  server.last.open(named).send(start, delta(2, 'wrong'), event(3, { type: 'reset', reason: 'answer_lost' }), delta(4, 'right'));
  await settle();
  expect(answer.text).toBe('right');
  expect(replaced).toHaveBeenCalledWith('', '');
  expect(answer.note.value).toBe('reset');
});

test('what the server does is said: a retry until there is text, a rescue for good', async () => {
  ask();
  server.last.open(named).send(start, event(null, { type: 'status', state: 'retrying' }));
  await settle();
  expect(answer.note.value).toBe('retrying');
  server.last.send(delta(2, 'a'));
  await settle();
  expect(answer.note.value).toBeNull();
  server.last.send(event(null, { type: 'status', state: 'takeover' }), delta(3, 'b'));
  await settle();
  expect(answer.note.value).toBe('takeover');
});

test('a lost stream is cut, and keeps its text', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'kept'));
  await settle();
  server.last.close();
  await vi.advanceTimersByTimeAsync(1_000);
  server.last.open().send(`id: ${streamId}.end\ndata: {"type":"error","code":"stream_lost","message":"gone","retryable":false,"answer":""}\n\n`);
  await settle();
  expect(answer.state.value).toBe('cut');
  expect(answer.problem.value?.code).toBe('stream_lost');
  expect(answer.text).toBe('kept');
});

test('nothing more to come is the end', async () => {
  answer = LiveAnswer.follow(streamId);
  server.last.refuse(204);
  await settle();
  expect(answer.state.value).toBe('cut');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.connections).toHaveLength(1);
});

test('a key that is not good is told by its code', async () => {
  ask();
  server.last.refuse(401, { message: 'no', code: 'whatever' });
  await settle();
  expect(answer.state.value).toBe('failed');
  expect(answer.problem.value).toMatchObject({ code: 'invalid_api_key', refused: true });
});

test('a refusal is final, in the words of the server', async () => {
  ask();
  server.last.refuse(404, { message: 'No such conversation.', code: 'conversation_not_found' });
  await settle();
  expect(answer.problem.value).toEqual({ code: 'conversation_not_found', message: 'No such conversation.', retryable: false, refused: true });
  expect(answer.state.value).toBe('failed');
});

test.each([429, 503])('%i with Retry-After: busy, and asked again when the server said', async status => {
  ask();
  server.last.refuse(status, { message: 'Full.', code: 'overloaded' }, { 'Retry-After': '7' });
  await settle();
  expect(answer.state.value).toBe('busy');
  expect(answer.problem.value).toMatchObject({ code: 'overloaded', retryAfterMs: 7000 });
  await vi.advanceTimersByTimeAsync(6_900);
  expect(server.connections).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(server.connections).toHaveLength(2);
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  expect(answer.problem.value).toBeNull();
  expect(answer.state.value).toBe('streaming');
});

test('busy for longer than two minutes is a failure', async () => {
  ask();
  for (let i = 0; i < 200 && answer.state.value !== 'failed'; i++) {
    server.last.refuse(503, { message: 'Full.', code: 'overloaded' }, { 'Retry-After': '10' });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(answer.state.value).toBe('failed');
  expect(answer.problem.value).toMatchObject({ code: 'overloaded', refused: true });
  expect(server.connections.length).toBeLessThan(14);
});

test('a wait that is longer than the patience is a failure at once; a spent budget too', async () => {
  ask();
  server.last.refuse(429, { message: 'Later.', code: 'rate_limit_exceeded' }, { 'Retry-After': '3600' });
  await settle();
  expect(answer.state.value).toBe('failed');
  ask();
  server.last.refuse(429, { message: 'Spent.', code: 'insufficient_quota' }, { 'Retry-After': '1' });
  await settle();
  expect(answer.state.value).toBe('failed');
});

test('a server that takes the call and closes it with a hint is busy', async () => {
  answer = LiveAnswer.follow(streamId);
  server.last.open().send('retry: 2500\n\n');
  await settle();
  server.last.close();
  await settle();
  expect(answer.state.value).toBe('busy');
  await vi.advanceTimersByTimeAsync(2_400);
  expect(server.connections).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(server.connections).toHaveLength(2);
});

test('a proxy without its server is a cut, not a refusal', async () => {
  ask();
  server.last.refuse(502, '<html>Bad gateway</html>');
  await settle();
  expect(answer.state.value).toBe('reconnecting');
});

test('patience ends, and the network brings it back', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  server.last.close(new TypeError('network'));
  for (let i = 0; i < 31; i++) {
    await vi.advanceTimersByTimeAsync(1_000);
    server.last.fail();
  }
  expect(answer.state.value).toBe('cut');
  expect(answer.problem.value).toMatchObject({ code: 'connection_lost', retryable: true });
  await vi.advanceTimersByTimeAsync(60_000);
  const before = server.connections.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.connections).toHaveLength(before);
  dispatchEvent(new Event('online'));
  await settle();
  expect(answer.state.value).toBe('reconnecting');
  expect(server.connections).toHaveLength(before + 1);
  server.last.open(named).send(delta(3, 'b'), end(4, 'ab'));
  await settle();
  expect(answer.state.value).toBe('done');
  expect(answer.problem.value).toBeNull();
});

test('a server that was never there is told after ten seconds', async () => {
  ask();
  for (let i = 0; i < 11; i++) {
    server.last.fail();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(answer.state.value).toBe('cut');
  expect(answer.problem.value).toMatchObject({ code: 'unreachable', refused: false });
});

test('the network coming back ends a pause', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  server.last.close(new TypeError('network'));
  await settle();
  dispatchEvent(new Event('online'));
  await settle();
  expect(server.connections).toHaveLength(2);
});

test('a drop on purpose is a cut like any other', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  answer.drop();
  await settle();
  expect(answer.state.value).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.last.header('Last-Event-ID')).toBe(`${streamId}.2`);
});

test('who listens late gets all there is', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'ab'));
  await settle();
  const listener = { text: vi.fn(), reasoning: vi.fn(), replaced: vi.fn() };
  const stop = answer.onText(listener);
  expect(listener.replaced).toHaveBeenCalledExactlyOnceWith('ab', '');
  server.last.send(delta(3, 'c'));
  await settle();
  expect(listener.text).toHaveBeenCalledExactlyOnceWith('c');
  stop();
  server.last.send(delta(4, 'd'));
  await settle();
  expect(listener.text).toHaveBeenCalledOnce();
});

test('the last event puts right what differs', async () => {
  ask();
  const replaced = vi.fn();
  answer.onText({ text: () => undefined, reasoning: () => undefined, replaced });
  server.last.open(named).send(start, delta(2, 'a'), end(3, 'abc'));
  await settle();
  expect(replaced).toHaveBeenCalledWith('abc', '');
});

test('a cut at any byte loses nothing', async () => {
  const wire = `${start}${delta(2, 'é')}${delta(3, '漢字')}${event(null, { type: 'status', state: 'retrying' })}${delta(4, '🙂')}: ping\n${end(5, 'é漢字🙂')}`;
  const bytes = new TextEncoder().encode(wire);
  for (let at = 0; at <= bytes.length; at++) {
    server.connections.length = 0;
    ask();
    const first = server.last.open(named);
    const heard: string[] = [];
    answer.onText({ text: text => heard.push(text), reasoning: () => undefined, replaced: text => heard.push(text) });
    first.sendBytes(bytes.slice(0, at));
    await settle();
    if (answer.state.value !== 'done') {
      first.close(new TypeError('network'));
      await vi.advanceTimersByTimeAsync(1_000);
      const after = Number(server.last.header('Last-Event-ID')?.split('.').at(-1) ?? 0);
      const rest = wire.split(/(?<=\n\n)/).filter(one => Number(/id: \S+\.(\d+)/.exec(one)?.[1] ?? 0) > after);
      server.last.open(named).send(rest.join(''));
      await settle();
    }
    expect(answer.state.value, `cut at ${at}`).toBe('done');
    expect(heard.join('')).toBe('é漢字🙂');
  }
});
