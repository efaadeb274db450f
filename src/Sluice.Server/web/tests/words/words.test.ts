import { describe, expect, it } from 'vitest';
import { en } from '../../src/words/en';
import { zh } from '../../src/words/zh';

type Say = (...args: unknown[]) => string;

/** Every text of a language, those with something in them filled in. */
function texts(words: Record<string, unknown>): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'function') return [[name, (value as Say)(3, '3')]];
    return Array.isArray(value) ? value.map((text, i): [string, string] => [`${name} ${i}`, text as string]) : [[name, value as string]];
  });
}

describe('the words', () => {
  it('are the same set in both languages', () => expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort()));
  it('are of the same kinds', () => {
    for (const [name, value] of Object.entries(en)) expect(typeof zh[name as keyof typeof zh], name).toBe(typeof value);
  });
  it.each([['en', en], ['zh', zh]])('are never empty (%s)', (_, words) => {
    for (const [name, text] of texts(words)) expect(text, name).toMatch(/\S/);
  });
  it('are Chinese in Chinese, keys and numbers aside', () => {
    for (const [name, text] of texts(zh)) {
      if (!/^(key(Enter|Shift|Esc|Up)$|branch$|tokens|tokenRate)/.test(name)) expect(text, name).toMatch(/[\u4e00-\u9fff]/);
    }
  });
  it('fill in what they are given', () => {
    expect(en.reconnecting('1,234')).toContain('1,234');
    expect(en.reconnecting('')).not.toContain('kept');
    expect(en.waiting(1)).not.toMatch(/\d/);
    expect(en.waiting(7)).toContain('7 s');
    expect(en.found(1, '1')).toBe('1 find');
  });
});
