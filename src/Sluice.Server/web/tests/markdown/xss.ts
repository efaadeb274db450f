import corpus from './xss.json';

/**
 * Texts that try to make a page run a script, fetch something, leave its place, or take over its names. A script of theirs calls `alert`;
 * every address that they would fetch is on `evil.example`. The tests in a real browser read the same file.
 */
export interface Payload {
  kind: keyof typeof corpus;
  text: string;
}

export const payloads: readonly Payload[] = [
  ...Object.entries(corpus).flatMap(([kind, texts]) => texts.map(text => ({ kind: kind as Payload['kind'], text }))),
  // Halves of a character, which no JSON carries.
  { kind: 'unicode', text: '\ud83d<script>alert(1)</script>\ude00' },
];
