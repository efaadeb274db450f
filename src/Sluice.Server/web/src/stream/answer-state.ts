/**
 * Where an answer stands. `done`, `failed`, `cancelled` are ends. `cut` is the end of patience: the connection could not be made again, or the
 * server no longer knows the stream; one that may still be found back (`problem.code` is `connection_lost`) goes on by itself once the network is back.
 */
export type AnswerState =
  | 'connecting' | 'waiting' | 'thinking' | 'streaming' | 'reconnecting' | 'busy' | 'stopping'
  | 'done' | 'failed' | 'cancelled' | 'cut';

/** What the server did to get the answer, as far as its reader should know: the newest of it. */
export type AnswerNote = 'retrying' | 'failover' | 'takeover' | 'degraded' | 'reset';

/** Whether the state is one that an answer stays in. */
export const isEnd = (state: AnswerState): boolean => state === 'done' || state === 'failed' || state === 'cancelled' || state === 'cut';
