import './plain-purifier';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MarkdownView } from '../../src/markdown/markdown-view';
import { documents } from './documents';

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  vi.useRealTimers();
  root.remove();
});

const newRoot = (): HTMLElement => document.body.appendChild(document.createElement('div'));

async function atOnce(text: string): Promise<string> {
  const whole = newRoot();
  const view = new MarkdownView(whole);
  view.replace(text);
  view.finish();
  await view.settled();
  whole.remove();
  return whole.innerHTML;
}

describe.each(documents)('%j', text => {
  test('looks the same however it came', async () => {
    const expected = await atOnce(text);
    for (let at = 0; at <= text.length; at++) {
      const part = newRoot();
      const view = new MarkdownView(part);
      view.replace(text.slice(0, at));
      view.append(text.slice(at));
      view.finish();
      await view.settled();
      expect(part.innerHTML, `split at ${at}`).toBe(expected);
      view.dispose();
      part.remove();
    }
  });

  test.each([1, 3, 7])('looks the same when it grows by %i', async size => {
    const expected = await atOnce(text);
    vi.useFakeTimers();
    const view = new MarkdownView(root);
    for (let at = 0; at < text.length; at += size) {
      view.append(text.slice(at, at + size));
      await vi.advanceTimersByTimeAsync(400);
    }
    const before = root.textContent;
    view.finish();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
    await view.settled();
    expect(root.innerHTML).toBe(expected);
    expect(before!.length).toBeGreaterThan(0);
  });
});

test('words are added without rendering anew', async () => {
  vi.useFakeTimers();
  const view = new MarkdownView(root);
  view.append('Some **bold** words');
  await vi.advanceTimersByTimeAsync(400);
  const paragraph = root.querySelector('p');
  for (const word of [' and', ' more', ', still', ' growing', '.', ' A', ' (new)', ' sentence']) {
    view.append(word);
    await vi.advanceTimersByTimeAsync(400);
  }
  expect(root.querySelector('p')).toBe(paragraph);
  expect(paragraph!.textContent).toBe('Some bold words and more, still growing. A (new) sentence');
  view.append(' *x*');
  await vi.advanceTimersByTimeAsync(400);
  expect(root.querySelector('p')).not.toBe(paragraph);
  expect(root.querySelectorAll('em')).toHaveLength(1);
});

test('finished blocks are never touched again', async () => {
  vi.useFakeTimers();
  const view = new MarkdownView(root);
  view.append('# Head\n\nfirst\n\nsecond');
  await vi.advanceTimersByTimeAsync(400);
  const [head, first] = root.children;
  view.append('\n\n- a\n- b\n\n`last`');
  await vi.advanceTimersByTimeAsync(400);
  view.finish();
  await vi.advanceTimersByTimeAsync(400);
  expect(root.children[0]).toBe(head);
  expect(root.children[1]).toBe(first);
});

test('the end of a long text is shown at once, and the whole is read anew after that', async () => {
  vi.useFakeTimers();
  const view = new MarkdownView(root);
  // A definition at the end makes a link at the start, which only the reading of the whole can find.
  const text = `[first]\n\n${'A paragraph of some words.\n\n'.repeat(200)}`;
  view.append(text);
  await vi.advanceTimersByTimeAsync(2_000);
  view.append('[first]: https://a.example\n\nlast');
  view.finish();
  expect(root.textContent).toContain('last');
  expect(root.querySelector('a')).toBeNull();
  const settled = view.settled();
  await vi.advanceTimersByTimeAsync(2_000);
  await settled;
  expect(root.querySelector('a')!.textContent).toBe('first');
  const html = root.innerHTML;
  vi.useRealTimers();
  expect(html).toBe(await atOnce(`${text}[first]: https://a.example\n\nlast`));
});

test('text behind the end of a long text is added all the same', async () => {
  const view = new MarkdownView(root);
  const text = 'A paragraph of some words.\n\n'.repeat(200);
  view.replace(text);
  view.finish();
  view.append('more');
  await view.settled();
  expect(root.querySelector('p:last-child')!.textContent).toBe('more');
});

test('what may become a fence waits for its line', async () => {
  vi.useFakeTimers();
  const view = new MarkdownView(root);
  view.append('text\n\n``');
  await vi.advanceTimersByTimeAsync(400);
  expect(root.textContent).not.toContain('`');
  view.append('`js\nlet x');
  await vi.advanceTimersByTimeAsync(400);
  expect(root.querySelector('pre')!.textContent).toBe('let x');
  const code = root.querySelector('pre');
  view.append(' = 1;\n``');
  await vi.advanceTimersByTimeAsync(400);
  expect(root.querySelector('pre')).toBe(code);
  expect(code!.textContent).not.toContain('``');
  expect(root.querySelector('[class^=hljs]')).toBeNull();
});

test('code gets its colours once it is closed', async () => {
  const view = new MarkdownView(root);
  view.replace('```js\nlet x = 1;\n```\n');
  view.finish();
  await view.settled();
  expect(root.querySelector('.hljs-keyword')!.textContent).toBe('let');
  expect(root.querySelector('pre')!.textContent).toBe('let x = 1;');
});

test('a button copies the code', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const view = new MarkdownView(root);
  view.replace('```js\nlet x = 1;\n```\n');
  view.finish();
  await view.settled();
  const button = root.querySelector<HTMLButtonElement>('button.code-copy')!;
  expect(button.getAttribute('aria-label')).toBe('Copy the code');
  button.click();
  await vi.waitFor(() => expect(button.getAttribute('aria-label')).toBe('Copied'));
  expect(writeText).toHaveBeenCalledExactlyOnceWith('let x = 1;');
});

test('only addresses of the web and of mail are links, and images are never fetched', async () => {
  const view = new MarkdownView(root);
  view.replace('[a](https://a.example) [b](javascript:alert(1)) [c](/logout) [d](//d.example) [e](mailto:e@e.example) ![f](https://f.example/i.png) ![g](data:x)');
  view.finish();
  await view.settled();
  expect([...root.querySelectorAll('a')].map(link => link.getAttribute('href'))).toEqual(['https://a.example/', 'mailto:e@e.example', 'https://f.example/i.png']);
  expect(root.querySelector('img')).toBeNull();
  expect(root.textContent).toContain('Image: f');
});

test('tags that are not allowed can be read', async () => {
  const view = new MarkdownView(root);
  view.replace('A List<String> and <script>alert(1)</script> but H<sub onclick="x">2</sub>O');
  view.finish();
  await view.settled();
  expect(root.textContent).toContain('List<String>');
  expect(root.querySelector('script')).toBeNull();
  expect(root.querySelector('sub')!.attributes).toHaveLength(0);
});

test('a formula is drawn, a price is not', async () => {
  const view = new MarkdownView(root);
  view.replace('$x^2$ costs $5 and $10, or \\(y\\), $HOME/$USER\n\n$$\nz\n$$\n');
  view.finish();
  await view.settled();
  expect(root.querySelectorAll('.math, .math-display')).toHaveLength(3);
  expect(root.textContent).toContain('costs $5 and $10');
  expect(root.textContent).toContain('$HOME/$USER');
});

test('a hidden page renders on a slow clock', async () => {
  vi.useFakeTimers();
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const view = new MarkdownView(root);
  view.append('x');
  await vi.advanceTimersByTimeAsync(500);
  expect(root.textContent).toBe('');
  await vi.advanceTimersByTimeAsync(600);
  expect(root.textContent).toContain('x');
  vi.restoreAllMocks();
});
