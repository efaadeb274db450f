import { beforeEach, describe, expect, it, vi } from 'vitest';

// Each test is a page of its own in the same browser.
const openPage = async () => {
  vi.resetModules();
  return (await import('../../src/state/drafts')).drafts;
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('drafts', () => {
  it('outlive a reload, each with its conversation', async () => {
    const page = await openPage();
    page.save('', 'new one');
    page.save('cv_1', 'another');
    const later = await openPage();
    expect([later.restore('', []), later.restore('cv_1', []), later.restore('cv_2', [])]).toEqual(['new one', 'another', '']);
  });
  it('of a new chat stay in their tab', async () => {
    (await openPage()).save('', 'mine');
    expect(localStorage).toHaveLength(0);
  });
  it('of nothing but spaces are not kept', async () => {
    const page = await openPage();
    page.save('cv_1', 'x');
    page.save('cv_1', ' \n');
    expect(localStorage).toHaveLength(0);
  });
  it('bring a question back that never arrived', async () => {
    (await openPage()).sending('cv_1', 'Lost?');
    expect((await openPage()).restore('cv_1', ['Other'])).toBe('Lost?');
    expect((await openPage()).restore('cv_1', [])).toBe('Lost?');
  });
  it('do not bring back a question that the server has', async () => {
    (await openPage()).sending('cv_1', 'There');
    expect((await openPage()).restore('cv_1', ['There'])).toBe('');
  });
  it('stay where something else was sent', async () => {
    const drafts = await openPage();
    drafts.save('cv_1', 'Half a thought');
    drafts.sending('cv_1', 'An earlier question');
    expect(drafts.read('cv_1')).toBe('Half a thought');
  });
  it('leave a question alone that this very page has sent', async () => {
    const page = await openPage();
    page.sending('', 'On its way');
    expect(page.restore('', [])).toBe('');
  });
  it('move along when the new chat gets its name', async () => {
    const page = await openPage();
    page.sending('', 'First');
    page.save('', 'typed meanwhile');
    page.arrived('', 'cv_1');
    expect([page.read(''), page.read('cv_1')]).toEqual(['', 'typed meanwhile']);
  });
  it('go with their conversation', async () => {
    const page = await openPage();
    page.save('cv_1', 'x');
    page.sending('cv_1', 'y');
    page.forget('cv_1');
    expect(localStorage).toHaveLength(0);
  });
});
