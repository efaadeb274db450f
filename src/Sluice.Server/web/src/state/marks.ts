/** A piece of a text, and whether it is what was searched for. */
export interface Piece {
  text: string;
  isHit: boolean;
}

const special = /[.*+?^${}()|[\]\\]/g;

/** The words of a search, without the quotes that hold some together. */
export const wordsOf = (query: string): string[] =>
  [...query.matchAll(/"([^"]+)"|[^\s"]+/g)].map(match => (match[1] ?? match[0]).trim()).filter(word => word !== '');

/** Cuts a text where words of the search stand in it, whatever their case. */
export function mark(text: string, query: string): Piece[] {
  const words = wordsOf(query).sort((a, b) => b.length - a.length).map(word => word.replace(special, '\\$&'));
  if (words.length === 0) return text ? [{ text, isHit: false }] : [];
  const pattern = new RegExp(`(${words.join('|')})`, 'giu');
  return text.split(pattern).map((piece, i) => ({ text: piece, isHit: i % 2 === 1 })).filter(piece => piece.text !== '');
}
