/** The whole address, if it is one that may be linked to: http, https or mailto, and never a place of this page's own origin by a relative path. */
export function safeLink(address: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return null;
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' || url.protocol === 'mailto:' ? url.href : null;
  } catch {
    return null;
  }
}

/** The host of a web address, empty for any other. */
export const hostOf = (address: string): string => new URL(address).host;
