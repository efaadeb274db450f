/** What went wrong with an answer. */
export interface Problem {
  /**
   * The server's code, or one of the page's own: `connection_lost` (cut for too long), `unreachable` (never reached), `busy` (the server
   * takes nothing now), `stop_unconfirmed` (stopped here, without the server's word), `bad_event`, `http_<status>`.
   */
  code: string;
  /** In the server's words, for people. */
  message?: string;
  /** Whether asking again unchanged may help. */
  retryable: boolean;
  /** Whether the server refused the question, so that nothing of it is kept and nothing was asked. */
  refused: boolean;
  /** Milliseconds after which the server said to come back. */
  retryAfterMs?: number;
}
