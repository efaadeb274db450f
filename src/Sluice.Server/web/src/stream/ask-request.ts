/** One turn that is sent along where the server keeps no conversations. */
export interface Turn {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A question, with the names that the server gives the fields (docs/http-api.md). Fields that are absent are not sent. */
export interface AskRequest {
  prompt?: string;
  model?: string;
  /** An id, or `new`; absent where the server keeps no conversations. */
  conversation?: string;
  /** The message that the question is asked after, or `root`. */
  parent?: string;
  /** A stored question that is answered once more; then there is no prompt. */
  regenerate?: string;
  /** The turns before this one, never together with `conversation`. */
  messages?: Turn[];
}

/** The ids that a question and its answer are kept under; all empty where the server keeps none. */
export interface Asked {
  conversation: string;
  question: string;
  answer: string;
}
