import type { ToolCall } from './tool-call';

/** Adds pieces to calls: what has the same index belongs together, names and arguments in the order in which they come. Gives a new array. */
export function mergeToolCalls(calls: readonly ToolCall[], pieces: readonly ToolCall[] | null | undefined): ToolCall[] {
  const merged = [...calls];
  for (const piece of pieces ?? []) {
    const at = merged.findIndex(call => call.index !== undefined && call.index === piece.index);
    const call = merged[at];
    if (!call) {
      merged.push(piece);
      continue;
    }
    const name = `${call.function?.name ?? ''}${piece.function?.name ?? ''}`;
    const args = `${call.function?.arguments ?? ''}${piece.function?.arguments ?? ''}`;
    merged[at] = { ...call, ...(piece.id ? { id: piece.id } : {}), ...(piece.type ? { type: piece.type } : {}), function: { ...(name ? { name } : {}), arguments: args } };
  }
  return merged;
}
