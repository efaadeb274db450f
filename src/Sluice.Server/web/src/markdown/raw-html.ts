import { escape } from './escape';
import { safeLink } from './safe-link';
import { allowedTags } from './sanitizer';

const allowed = new Set(allowedTags);
const tag = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)(?=[\s/>])((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi;

/**
 * HTML that a model wrote, before sanitising: tags that are allowed stay, without their attributes (a link keeps a safe address, a list its
 * first number); all others are text and can be read, as in `List<String>`. So nothing is even parsed that could do something.
 */
export function tameHtml(html: string): string {
  let tamed = '';
  let at = 0;
  for (const match of html.matchAll(tag)) {
    tamed += tameText(html.slice(at, match.index));
    at = match.index + match[0].length;
    const [whole, slash, name, attributes] = match;
    if (name !== undefined) tamed += allowed.has(name.toLowerCase()) ? `<${slash}${name.toLowerCase()}${slash ? '' : kept(name.toLowerCase(), attributes!)}>` : escape(whole);
  }
  return tamed + tameText(html.slice(at));
}

/** Text between tags. Entities stay what they are: they become signs of the text, never of the markup. */
export const tameText = (between: string): string => between.replace(/[<>]/g, sign => (sign === '<' ? '&lt;' : '&gt;'));

function kept(name: string, attributes: string): string {
  if (name === 'a') {
    const found = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes);
    const address = safeLink((found?.[1] ?? found?.[2] ?? found?.[3] ?? '').replaceAll('&amp;', '&'));
    return address ? ` href="${escape(address)}"` : '';
  }
  const start = name === 'ol' && /(?:^|\s)start\s*=\s*["']?(\d{1,9})/i.exec(attributes)?.[1];
  return start ? ` start="${start}"` : '';
}
