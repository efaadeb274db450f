import { describe, expect, it } from 'vitest';
import { filter, fuzzy } from '../../src/state/fuzzy';

const labels = ['New chat', 'Export as Markdown', 'Export as JSON', 'Delete all conversations', 'Keyboard shortcuts'];
const fits = (typed: string) => filter(typed, labels, label => label).map(one => one.item);

describe('fuzzy', () => {
  it('finds scattered letters in their order', () => expect(fuzzy('nch', 'New chat')?.at).toEqual([0, 4, 5]));
  it('says no where a letter is missing', () => expect(fuzzy('nx', 'New chat')).toBeNull());
  it('finds whole words first', () => expect(fuzzy('chat', 'New chat')!.score).toBeGreaterThan(fuzzy('chat', 'Catch a hat')?.score ?? 0));
  it('overlooks spaces', () => expect(fuzzy('n c', 'New chat')).not.toBeNull());
});

describe('filter', () => {
  it('keeps everything in its order while nothing is typed', () => expect(fits('  ')).toEqual(labels));
  it('puts the best first', () => {
    expect(fits('json')[0]).toBe('Export as JSON');
    expect(fits('dac')[0]).toBe('Delete all conversations');
    expect(fits('ks')[0]).toBe('Keyboard shortcuts');
  });
  it('leaves out what does not fit', () => expect(fits('zzz')).toEqual([]));
});
