/** What is known of an answer's speed and cost. Null is not known (yet). */
export interface Figures {
  /** The model that answers; empty until the server has named one. */
  model: string;
  /** Milliseconds from the question to the first token. */
  ttftMs: number | null;
  /** Tokens of the answer, counted by the model; known at the end. */
  tokens: number | null;
  /** While the answer runs by its events, of which a model sends about one for each token; exact at the end. */
  tokensPerSecond: number | null;
  /** Milliseconds from the question, or from when this page began to follow. */
  elapsedMs: number;
  attempts: number | null;
  finishReason: string | null;
}

/** Nothing known. */
export const noFigures: Figures = { model: '', ttftMs: null, tokens: null, tokensPerSecond: null, elapsedMs: 0, attempts: null, finishReason: null };
