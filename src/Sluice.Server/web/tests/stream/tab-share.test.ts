import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveAnswer } from '../../src/stream/live-answer';
import { delta, end, event, FakeServer, named, settle, start, streamId } from './fake-server';
import { FakeTabs } from './fake-tabs';

let server: FakeServer;
let tabs: FakeTabs;
let answers: LiveAnswer[];

beforeEach(() => {
  vi.useFakeTimers();
  tabs = new FakeTabs();
  server = new FakeServer();
  answers = [];
});
afterEach(() => {
  for (const answer of answers) answer.detach();
  tabs.remove();
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const keep = (answer: LiveAnswer): LiveAnswer => {
  answers.push(answer);
  return answer;
};
const ask = (): LiveAnswer => keep(LiveAnswer.ask({ prompt: 'q', conversation: 'new' }, { asked: () => undefined }));
const follow = (): LiveAnswer => keep(LiveAnswer.follow(streamId));

test('two tabs share one connection, and the later one has everything', async () => {
  const first = ask();
  server.last.open(named).send(start, event(2, { type: 'reasoning', content: 'r' }), delta(3, 'a'));
  await settle();
  const second = follow();
  await settle();
  expect(second.text).toBe('a');
  expect(second.reasoning).toBe('r');
  expect(second.state.value).toBe('streaming');
  server.last.send(delta(4, 'b'));
  await settle();
  expect(second.text).toBe('ab');
  server.last.send(end(5, 'ab'));
  await settle();
  expect([first.state.value, second.state.value]).toEqual(['done', 'done']);
  expect(server.connections).toHaveLength(1);
});

test('two tabs that follow share one connection', async () => {
  const first = follow();
  await settle();
  const second = follow();
  await settle();
  expect(server.connections).toHaveLength(1);
  server.last.open(named).send(start, delta(2, 'a'), end(3, 'a'));
  await settle();
  expect([first.text, second.text]).toEqual(['a', 'a']);
  expect([first.state.value, second.state.value]).toEqual(['done', 'done']);
});

test('the tab that reads is closed: another goes on from its own place, without loss and without a double', async () => {
  const first = ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  const second = follow();
  const heard: string[] = [];
  second.onText({ text: text => heard.push(text), reasoning: () => undefined, replaced: text => heard.push(text) });
  await settle();
  server.last.send(delta(3, 'b'));
  await settle();
  first.detach();
  await settle();
  expect(server.connections).toHaveLength(2);
  expect(server.last.header('Last-Event-ID')).toBe(`${streamId}.3`);
  server.last.open(named).send(delta(4, 'c'), end(5, 'abc'));
  await settle();
  expect(second.state.value).toBe('done');
  expect(heard.join('')).toBe('abc');
});

test('of three tabs the last has it all, whoever goes', async () => {
  const first = ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  const second = follow();
  const third = follow();
  await settle();
  first.detach();
  await settle();
  server.last.open(named).send(delta(3, 'b'));
  await settle();
  expect([second.text, third.text]).toEqual(['ab', 'ab']);
  second.detach();
  await settle();
  server.last.open(named).send(delta(4, 'c'), end(5, 'abc'));
  await settle();
  expect(third.text).toBe('abc');
  expect(server.connections).toHaveLength(3);
});

test('a tab that reads but does not answer loses its place', async () => {
  // Holds the lock, and hears nothing.
  void navigator.locks.request(`sluice.stream.${streamId}`, {}, () => new Promise(() => undefined)).catch(() => undefined);
  const answer = follow();
  await settle();
  expect(server.connections).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(2_600);
  expect(server.connections).toHaveLength(1);
  server.last.open(named).send(start, end(2, 'x'));
  await settle();
  expect(answer.state.value).toBe('done');
});

test('the other tabs see that the connection is gone, and that it is back', async () => {
  const first = ask();
  server.last.open(named).send(start, delta(2, 'a'));
  await settle();
  const second = follow();
  await settle();
  server.last.close(new TypeError('network'));
  await settle();
  expect([first.state.value, second.state.value]).toEqual(['reconnecting', 'reconnecting']);
  expect(second.kept.value).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  server.last.open(named).send(delta(3, 'b'));
  await settle();
  expect([first.state.value, second.state.value]).toEqual(['streaming', 'streaming']);
  expect(server.connections).toHaveLength(2);
});

test('any tab may drop the connection, and any tab may stop', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  const second = follow();
  await settle();
  second.drop();
  await settle();
  expect(second.state.value).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_000);
  const stream = server.last.open(named);
  await settle();
  second.cancel();
  expect(server.last.url).toContain('/cancel');
  stream.send(event(2, { type: 'cancelled', answer: '' }));
  await settle();
  expect(answers.map(one => one.state.value)).toEqual(['cancelled', 'cancelled']);
});

test('a reader that is silent is asked, and stays while it answers', async () => {
  ask();
  server.last.open(named).send(start);
  await settle();
  follow();
  await settle();
  for (let i = 0; i < 20; i++) {
    await vi.advanceTimersByTimeAsync(14_000);
    server.last.send(': ping\n');
  }
  await settle();
  expect(server.connections).toHaveLength(1);
});
