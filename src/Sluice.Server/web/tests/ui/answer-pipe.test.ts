import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAnswer } from '../state/fakes';
import { AnswerPipe } from '../../src/ui/answer-pipe';

let calls: string[] = [];
let shown = '';
const sink = {
  append(text: string) {
    calls.push(`+${text}`);
    shown += text;
  },
  replace(text: string) {
    calls.push(`=${text}`);
    shown = text;
  },
  finish() {
    calls.push('.');
  },
};
let live: FakeAnswer;
let pipe: AnswerPipe;

beforeEach(() => {
  calls = [];
  shown = '';
  live = new FakeAnswer();
  pipe = new AnswerPipe(sink, 'text');
});

describe('an answer as it comes', () => {
  it('is only added to, and not shown anew at its end', () => {
    pipe.follow(live.live);
    live.write('One ');
    live.write('two');
    pipe.show('One two');
    expect(calls).toEqual(['+One ', '+two', '.']);
  });
  it('is put right where its end says otherwise', () => {
    pipe.follow(live.live);
    live.write('One');
    pipe.show('One two');
    expect(calls).toEqual(['+One', '=One two', '.']);
  });
  it('begins anew when it is void', () => {
    pipe.follow(live.live);
    live.write('Void');
    live.reset();
    live.write('New');
    expect(shown).toBe('New');
  });
  it('is no longer heard once it was left', () => {
    pipe.follow(live.live);
    live.write('One');
    pipe.leave();
    live.write(' two');
    expect(shown).toBe('One');
    expect(live.listeners.size).toBe(0);
  });
  it('keeps to its part', () => {
    pipe.follow(live.live);
    for (const listener of live.listeners) listener.reasoning('thought');
    expect(calls).toEqual([]);
  });
});

describe('an answer that is found running', () => {
  it('shows what was stored until more than that has come', () => {
    pipe.follow(live.live, 'One two');
    for (const word of ['One', ' two', ' three', ' four']) live.write(word);
    expect(calls).toEqual(['=One two', '=One two', '+ three', '+ four']);
  });
  it('shows at once what is already there', () => {
    live.text = 'One two three';
    pipe.follow(live.live, 'One');
    expect(shown).toBe('One two three');
  });
  it('does not go back for a beginning of what is shown', () => {
    live.text = 'One';
    pipe.follow(live.live, 'One two');
    expect(shown).toBe('One two');
  });
  it('goes back for something else', () => {
    pipe.follow(live.live, 'One two');
    live.reset('Other');
    live.write('!');
    expect(shown).toBe('Other!');
  });
  it('ends with what was kept, even if that is less', () => {
    pipe.follow(live.live, 'One two three');
    live.write('One');
    pipe.show('One two');
    expect(shown).toBe('One two');
  });
});

describe('an answer that is followed again', () => {
  it('stays on the page meanwhile', () => {
    pipe.follow(live.live);
    live.write('One two');
    const again = new FakeAnswer();
    pipe.follow(again.live);
    again.write('One');
    expect(shown).toBe('One two');
    again.write(' two three');
    expect(shown).toBe('One two three');
  });
});
