/** A call of a tool that the model asked for, or a piece of one: pieces of the same `index` belong together. */
export interface ToolCall {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string; arguments?: string };
}
