import { type EndEvent, isLast, type SnapshotEvent, type StreamEvent } from './stream-event';
import type { ToolCall } from './tool-call';
import { mergeToolCalls } from './tool-calls';

/** What became of an event: taken, left out since it was there already, or left out since one before it is missing. */
export type Taken = 'new' | 'known' | 'gap';

/** What a stream has told so far, each event once and in order. */
export class Transcript {
  streamId = '';
  /** The number of the last event that was taken. */
  seq = 0;
  model = '';
  question = '';
  text = '';
  reasoning = '';
  tools: ToolCall[] = [];
  end: EndEvent | null = null;

  /** Takes an event; `seq` is null for one that is not numbered. */
  take(event: StreamEvent, seq: number | null): Taken {
    if (this.end) return 'known';
    if (event.type === 'snapshot') return this.#takeSnapshot(event);
    if (seq !== null) {
      // A reset may stand before what was taken: the cursor was ahead of the stream.
      if (seq <= this.seq && event.type !== 'reset') return 'known';
      if (seq > this.seq + 1 && event.type !== 'reset') return 'gap';
      this.seq = seq;
    }
    switch (event.type) {
      case 'start':
        this.streamId = event.stream_id;
        this.model = event.model;
        this.question = event.question;
        break;
      case 'delta':
        this.text += event.content;
        break;
      case 'reasoning':
        this.reasoning += event.content;
        break;
      case 'tool':
        this.tools = mergeToolCalls(this.tools, event.tool_calls);
        break;
      case 'reset':
        this.text = this.reasoning = '';
        this.tools = [];
        break;
      default:
        if (isLast(event)) this.#takeEnd(event);
    }
    return 'new';
  }

  /** The whole of it as one event, for one who comes late. */
  get snapshot(): SnapshotEvent {
    const { seq, model, question, text, reasoning, tools } = this;
    return { type: 'snapshot', seq, model, question, text, reasoning, tool_calls: tools };
  }

  #takeSnapshot(event: SnapshotEvent): Taken {
    this.seq = event.seq;
    this.model = event.model;
    this.question = event.question;
    this.text = event.text;
    this.reasoning = event.reasoning;
    this.tools = event.tool_calls ?? [];
    return 'new';
  }

  #takeEnd(event: EndEvent): void {
    this.end = event;
    // A stream that is lost says nothing of the text.
    if (event.type === 'error' && event.code === 'stream_lost') return;
    this.text = event.answer ?? this.text;
    if (event.type === 'end' && event.model) this.model = event.model;
  }
}
