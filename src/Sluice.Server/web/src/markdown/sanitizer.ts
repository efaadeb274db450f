import createPurifier, { type Config } from 'dompurify';
import { safeLink } from './safe-link';
import { Slots } from './slots';

/** What Markdown becomes, and the few tags that models write by themselves. No image, no form, no frame, no namespace but HTML's own. */
export const allowedTags: readonly string[] = [
  'a', 'b', 'blockquote', 'br', 'caption', 'code', 'dd', 'del', 'details', 'div', 'dl', 'dt', 'em', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'ins', 'kbd', 'li',
  'mark', 'ol', 'p', 'pre', 'q', 's', 'samp', 'small', 'span', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'u', 'ul', 'var',
];

const config: Config = {
  // Everything is parsed within a body.
  ALLOWED_TAGS: ['body', ...allowedTags],
  ALLOWED_ATTR: ['align', 'href', 'start', Slots.attribute],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // All others are taken for addresses.
  ADD_URI_SAFE_ATTR: ['align', 'start', Slots.attribute],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  RETURN_DOM_FRAGMENT: true,
};

const purifier = createPurifier(window);
purifier.setConfig(config);
purifier.addHook('uponSanitizeAttribute', (_, attribute) => {
  if (attribute.attrName === Slots.attribute && !Slots.isMark(attribute.attrValue)) attribute.keepAttr = false;
});
purifier.addHook('afterSanitizeAttributes', node => {
  if (node.nodeName !== 'A') return;
  const address = safeLink(node.getAttribute('href') ?? '');
  if (address === null) {
    node.removeAttribute('href');
    return;
  }
  node.setAttribute('href', address);
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer nofollow');
});

/** Makes nodes of HTML that nobody vouches for. Nothing in them runs, is fetched, or has a name, an id, a class or a style. */
export function sanitize(html: string): DocumentFragment {
  const clean = purifier.isSupported ? (purifier.sanitize(html) as unknown as DocumentFragment | null) : null;
  if (clean) return clean;
  // Where it cannot work, or HTML has no body (a frameset has none), the text stands as it is.
  const plain = document.createDocumentFragment();
  plain.append(html);
  return plain;
}
