/** One second of the server, as `/status/events` tells it (docs/metrics.md). */
export interface Sample {
  /** Unix time in seconds. */
  t: number;
  streams: number;
  viewers: number;
  calls: number;
  /** Events of all streams in this second. */
  events: number;
  bytes: number;
  failed: number;
  /** Milliseconds; null where no answer began in this second. */
  ttft_p50: number | null;
  ttft_p95: number | null;
  /** Failed calls by provider. */
  failures: Record<string, number>;
  targets: Target[];
}

/** One target of a model, and how it does. */
export interface Target {
  model: string;
  provider: string;
  circuit: string;
  active: number;
  ok: number;
  failed: number;
}
