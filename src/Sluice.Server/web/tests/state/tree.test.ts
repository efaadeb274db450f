import { describe, expect, it } from 'vitest';
import { Tree } from '../../src/state/tree';

const q = (id: string, parent: string | null = null) => ({ id, parent, role: 'user' });
const a = (id: string, parent: string | null) => ({ id, parent, role: 'assistant' });
const ids = (messages: readonly { id: string }[]) => messages.map(message => message.id);

// q1 - a1 - q2 - a2
//    \ a1'       \ (q2' - a2')
const branched = new Tree([q('q1'), a('a1', 'q1'), q('q2', 'a1'), a('a2', 'q2'), a("a1'", 'q1'), q("q2'", 'a1'), a("a2'", "q2'")]);

describe('path', () => {
  it('leads from the first message to the head', () => expect(ids(branched.path('a2'))).toEqual(['q1', 'a1', 'q2', 'a2']));
  it('goes on from a head in the middle to the newest leaf below it', () => expect(ids(branched.path('a1'))).toEqual(['q1', 'a1', "q2'", "a2'"]));
  it('is the newest branch without a head, or with one that is not there', () => {
    expect(ids(branched.path(null))).toEqual(['q1', "a1'"]);
    expect(ids(branched.path('gone'))).toEqual(['q1', "a1'"]);
  });
  it('is empty where there is nothing', () => expect(new Tree([]).path(null)).toEqual([]));
});

describe('siblings', () => {
  it('are the edited questions, or the answers of one question', () => {
    expect(ids(branched.siblings('q2'))).toEqual(['q2', "q2'"]);
    expect(ids(branched.siblings("a1'"))).toEqual(['a1', "a1'"]);
    expect(ids(branched.siblings('a2'))).toEqual(['a2']);
  });
  it('may be first questions', () => expect(ids(new Tree([q('x'), q('y')]).siblings('y'))).toEqual(['x', 'y']));
  it('of what is not there are none', () => expect(branched.siblings('gone')).toEqual([]));
});

describe('leaf', () => {
  it('is the end of the newest branch', () => expect(branched.leaf('a1')?.id).toBe("a2'"));
  it('is the message itself where nothing follows', () => expect(branched.leaf('a2')?.id).toBe('a2'));
});

describe('turns', () => {
  it('pair questions with their answers', () =>
    expect(branched.turns('a2').map(turn => [turn.question?.id, turn.answer?.id])).toEqual([['q1', 'a1'], ['q2', 'a2']]));
  it('leave a question alone that nobody answered', () => expect(new Tree([q('q1')]).turns(null)).toEqual([{ question: q('q1'), answer: null }]));
  it('show an instruction by itself', () => {
    const tree = new Tree([{ id: 's', parent: null, role: 'system' }, q('q1', 's'), a('a1', 'q1')]);
    expect(tree.turns(null).map(turn => [turn.question?.id, turn.answer?.id])).toEqual([[undefined, 's'], ['q1', 'a1']]);
  });
});

describe('what no server should send', () => {
  it('has an end, even in a circle', () => {
    const circle = new Tree([q('x', 'y'), a('y', 'x'), q('z', 'z')]);
    expect(ids(circle.path('x')).length).toBeLessThanOrEqual(2);
    expect(ids(circle.path('z'))).toEqual(['z']);
  });
  it('takes a message whose parent is missing for a first one', () => expect(ids(new Tree([q('q1', 'gone'), a('a1', 'q1')]).path('a1'))).toEqual(['q1', 'a1']));
});
