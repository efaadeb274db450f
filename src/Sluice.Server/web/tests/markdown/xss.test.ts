import './plain-purifier';
import { expect, test } from 'vitest';
import { MarkdownView } from '../../src/markdown/markdown-view';
import { allowedTags } from '../../src/markdown/sanitizer';
import { payloads } from './xss';

// The sanitiser is away here: what comes before it must already leave nothing to do. That it is there, and that nothing runs and nothing is fetched,
// is for a real browser to show.
const names = new Set([...allowedTags.map(tag => tag.toUpperCase()), 'BUTTON']);
const attributes = new Set(['align', 'aria-label', 'class', 'href', 'role', 'start', 'tabindex', 'title', 'type']);
const math = 'http://www.w3.org/1998/Math/MathML';

function check(root: HTMLElement, when: string): void {
  for (const element of root.querySelectorAll('*')) {
    if (element.namespaceURI === math || element.closest('.math, .math-display')) {
      for (const { name, value } of element.attributes) expect(/^on|href|src|^id$|^name$/i.test(name) || /url\(/i.test(value), `${when}: ${name}`).toBe(false);
      continue;
    }
    expect(names, when).toContain(element.nodeName);
    for (const { name } of element.attributes) expect(attributes, `${when}: ${element.nodeName}`).toContain(name);
    if (element.hasAttribute('href')) expect(element.getAttribute('href'), when).toMatch(/^(?:https?:\/\/|mailto:)/);
  }
}

test('there are many of them, and no two are the same', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(150);
  expect(new Set(payloads.map(payload => payload.text)).size).toBe(payloads.length);
});

test.each(payloads)('$kind: $text', ({ text }) => {
  const root = document.body.appendChild(document.createElement('div'));
  const step = Math.max(1, Math.ceil(text.length / 5));
  for (let at = 0; at <= text.length; at += step) {
    const view = new MarkdownView(root);
    view.replace(text.slice(0, at));
    check(root, `the first ${at}`);
    view.append(text.slice(at));
    view.finish();
    check(root, `split at ${at}`);
    view.dispose();
  }
  root.remove();
}, 30_000);
