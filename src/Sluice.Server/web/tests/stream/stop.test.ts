import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveAnswer } from '../../src/stream/live-answer';
import { delta, event, FakeServer, named, settle, start, streamId } from './fake-server';

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

test('a stop is the server\'s: it is told, and its last word is waited for', async () => {
  ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  const stream = server.last;
  answer.cancel();
  expect(answer.state.value).toBe('stopping');
  expect(server.last.url).toBe(`v1/streams/${streamId}/cancel`);
  stream.send(event(3, { type: 'cancelled', answer: 'a' }));
  await settle();
  expect(answer.state.value).toBe('cancelled');
  expect(answer.problem.value).toBeNull();
});

test('a stop that is not confirmed within two seconds says so', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  answer.cancel();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answer.state.value).toBe('cancelled');
  expect(answer.problem.value?.code).toBe('stop_unconfirmed');
});

test('a stop that the network swallows is sent again', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  answer.cancel();
  server.last.fail();
  await vi.advanceTimersByTimeAsync(1_100);
  expect(server.connections.filter(one => one.url.endsWith('/cancel'))).toHaveLength(2);
});

test('what was stopped before it had a name is cancelled once it has one', async () => {
  ask();
  const stream = server.last;
  answer.cancel();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answer.state.value).toBe('cancelled');
  stream.open(named).send(start);
  await settle();
  expect(server.last.url).toBe(`v1/streams/${streamId}/cancel`);
  expect(stream.isAborted).toBe(true);
});

test('what was refused for being busy needs no stop', async () => {
  ask();
  server.last.refuse(503, { message: 'Full.', code: 'overloaded' }, { 'Retry-After': '5' });
  await settle();
  answer.cancel();
  expect(answer.state.value).toBe('cancelled');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.connections).toHaveLength(1);
});
