// What the server says about conversations (docs/http-api.md). Field names are the wire's own.

export type Role = 'user' | 'assistant' | 'system';

/** How an answer stands. A question is always `done`. */
export type MessageState = 'running' | 'done' | 'failed' | 'cancelled';

/** Tokens of one answer, as its model counted them. */
export interface Usage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
}

export interface WireToolCall {
  function?: { name?: string; arguments?: string };
}

/** One question or answer. Several messages with the same parent are branches. */
export interface Message {
  id: string;
  /** The message before it; null for a first one. */
  parent: string | null;
  role: Role;
  content: string;
  state: MessageState;
  /** Whether an answer ended without being whole. */
  partial?: boolean;
  reasoning?: string;
  /** The model that answered. */
  model?: string | null;
  /** The stream to follow while it runs. */
  stream_id?: string | null;
  finish_reason?: string | null;
  error?: { code: string; message?: string | null } | null;
  usage?: Usage | null;
  /** Milliseconds from the question to the first token. */
  ttft_ms?: number | null;
  /** Milliseconds from the question to the end. */
  duration_ms?: number | null;
  attempts?: number | null;
  tool_calls?: WireToolCall[] | null;
  /** Unix time in seconds. */
  created_at: number;
}

/** A conversation as the list has it. */
export interface Conversation {
  id: string;
  title: string;
  /** The last message of the branch that is shown. */
  head: string | null;
  /** Unix time in seconds. */
  created_at: number;
  /** Unix time in seconds. */
  updated_at: number;
  /** Whether an answer of it is being written. */
  running: boolean;
}

/** A conversation with all its messages, the oldest first. */
export interface WholeConversation extends Conversation {
  messages: Message[];
}

/** A conversation that a search found. */
export interface Found extends Conversation {
  /** Plain text around the find. */
  snippet?: string;
  /** The message that was found; null where it was the title. */
  message?: string | null;
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
}

/** A model that may be asked. */
export interface Model {
  id: string;
  owned_by?: string;
}
