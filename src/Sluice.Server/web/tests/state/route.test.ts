import { beforeEach, describe, expect, it } from 'vitest';
import { titleFor } from '../../src/state/document-title';
import { address, addressOf, link } from '../../src/state/route';

describe('the address', () => {
  beforeEach(() => history.replaceState(null, '', '/'));

  it('names the conversation', () => {
    address('cv_1', 'push');
    expect([location.search, addressOf()]).toEqual(['?c=cv_1', 'cv_1']);
    address('', 'replace');
    expect(addressOf()).toBe('');
  });
  it('leaves no trace of going where one is', () => {
    const before = history.length;
    address('cv_1', 'push');
    address('cv_1', 'push');
    expect(history.length).toBe(before + 1);
  });
  it('escapes what it is given', () => expect(link('cv_&x=1')).toBe('?c=cv_%26x%3D1'));
});

describe('the title of the document', () => {
  it('follows the conversation, with a dot while something runs', () => {
    expect(titleFor('', false)).toBe('Sluice');
    expect(titleFor('Dragons', true)).toBe('● Dragons · Sluice');
  });
});
