import { describe, expect, it } from 'vitest';
import { mark, wordsOf } from '../../src/state/marks';

const shown = (text: string, query: string) => mark(text, query).map(({ text: piece, isHit }) => (isHit ? `[${piece}]` : piece)).join('');

describe('mark', () => {
  it('marks every find, whatever its case', () => expect(shown('A stream, and another Stream.', 'STREAM')).toBe('A [stream], and another [Stream].'));
  it('marks several words', () => expect(shown('server sent events', 'events server')).toBe('[server] sent [events]'));
  it('prefers the longer of two words', () => expect(shown('streaming', 'stream streaming')).toBe('[streaming]'));
  it('keeps quoted words together', () => expect(shown('sent events, sent', '"sent events"')).toBe('[sent events], sent'));
  it('finds Chinese inside a sentence', () => expect(shown('选择数据库之前', '数据库')).toBe('选择[数据库]之前'));
  it('takes signs for what they are', () => expect(shown('a.b (c) a+b', '. ( +')).toBe('a[.]b [(]c) a[+]b'));
  it('loses nothing', () => {
    for (const query of ['', ' ', '"', 'a', '\\', '[', '"a b', '%']) expect(mark('a "b" [c] \\d', query).map(piece => piece.text).join('')).toBe('a "b" [c] \\d');
  });
  it('of nothing is nothing', () => expect(mark('', 'a')).toEqual([]));
});

describe('wordsOf', () => {
  it('splits at spaces, outside of quotes', () => expect(wordsOf(' one "two three"  four ')).toEqual(['one', 'two three', 'four']));
});
