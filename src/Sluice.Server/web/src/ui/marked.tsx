import { mark } from '../state/marks';

/** A text with the words of a search marked in it. */
export function Marked({ text, query }: { text: string; query: string }) {
  return <>{mark(text, query).map(({ text: piece, isHit }) => (isHit ? <mark>{piece}</mark> : piece))}</>;
}
