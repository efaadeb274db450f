import type { ToolCall } from './tool-call';

/** The whole of a stream up to event `seq`. */
export interface SnapshotEvent {
  type: 'snapshot';
  seq: number;
  model: string;
  question: string;
  text: string;
  reasoning: string;
  tool_calls?: ToolCall[] | null;
}

/** The last event of a stream: exactly one of them comes. */
export type EndEvent =
  | { type: 'end'; answer: string; finish_reason: string | null; usage?: { completion_tokens?: number } | null; model?: string; ttft_ms?: number | null; attempts?: number | null }
  | { type: 'error'; code: string; message?: string; retryable?: boolean; answer?: string }
  | { type: 'cancelled'; answer: string };

/** What a stream tells, in the server's own dialect (docs/http-api.md). Types that are not known are skipped. */
export type StreamEvent =
  | { type: 'start'; stream_id: string; model: string; question: string }
  | { type: 'delta'; content: string }
  | { type: 'reasoning'; content: string }
  | { type: 'tool'; tool_calls: ToolCall[] }
  | { type: 'status'; state: 'retrying' | 'failover' | 'takeover' | 'degraded' }
  | { type: 'reset'; reason: string }
  | SnapshotEvent
  | EndEvent;

/** Whether nothing comes behind it. */
export const isLast = (event: StreamEvent): event is EndEvent => event.type === 'end' || event.type === 'error' || event.type === 'cancelled';
