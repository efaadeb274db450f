/** Whether a block of code is one whose closing fence has not come yet. */
export function isOpenFence(raw: string): boolean {
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
  if (!fence) return false;
  const lines = raw.trimEnd().split('\n');
  const last = lines.length > 1 ? lines.at(-1)!.trim() : '';
  return !(last.length >= fence.length && last === fence[0]!.repeat(last.length));
}

/**
 * How much of a text that is still coming can be shown. A last line of which nothing stands yet but signs that begin or end something (a fence,
 * a list, a heading, a rule) waits: for a moment it would be shown as something else.
 */
export function showable(text: string): string {
  const line = text.lastIndexOf('\n') + 1;
  return /^[ \t]*(?:[`~]+|[-+*_=>#|: \t]+|\d{1,9}[.)]?)[ \t]*$/.test(text.slice(line)) ? text.slice(0, line) : text;
}
