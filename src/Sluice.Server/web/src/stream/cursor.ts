/** The number of an event, which stands behind the last dot of its id; null where it has none (`status`, and the `.end` of a lost stream). */
export function seqOf(id: string): number | null {
  const digits = id.slice(id.lastIndexOf('.') + 1);
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
