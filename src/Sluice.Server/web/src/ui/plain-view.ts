/** Shows a text that grows as it is. */
export class PlainView {
  readonly #text = new Text();

  constructor(root: HTMLElement) {
    root.replaceChildren(this.#text);
  }

  append(text: string): void {
    this.#text.appendData(text);
  }

  replace(text: string): void {
    this.#text.data = text;
  }

  finish(): void {}

  dispose(): void {}
}
