/** Copies a text. Without a secure context (plain http from another machine) browsers have no clipboard but the old way. */
export async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const box = document.createElement('textarea');
  box.className = 'spoken';
  box.value = text;
  const before = document.activeElement;
  document.body.append(box);
  box.select();
  const isDone = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
