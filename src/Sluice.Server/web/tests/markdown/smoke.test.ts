import './node-iterator';
import { expect, test } from 'vitest';
import { MarkdownView } from '../../src/markdown/markdown-view';
const doc = '# Hi\n\nSome *text* with `code` and $x^2$ costs $5 and $10.\n\n- a\n- b\n\n```js\nlet x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[link](https://x.y) ![i](https://img.z/a.png) <script>alert(1)</script><b onclick=x>b</b>\n';
test('smoke', async () => {
  const root = document.createElement('div');
  document.body.append(root);
  const view = new MarkdownView(root);
  view.replace(doc);
  view.finish();
  await view.settled();
  console.log(root.innerHTML);
  expect(root.innerHTML).toContain('h3');
});
