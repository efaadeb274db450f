// Shows text as it comes, fenced code in blocks of its own. Nothing is ever parsed as HTML, and nothing is left out: a fence line is only
// hidden, so that the element's textContent is the whole text, character by character.
const opening = /^[ \t]*(`{3,})([^`]*)$/;

export class AnswerText {
  #root;
  #node = null;
  #ready = '';
  #held = '';
  #atLineStart = true;
  #fence = '';

  constructor(root) {
    this.#root = root;
    root.replaceChildren();
  }

  /** Adds text. The beginning of a line that may become a fence waits for the rest of its line. */
  append(text) {
    let rest = this.#held + text;
    this.#held = '';
    while (rest) {
      const end = rest.indexOf('\n') + 1;
      const line = end ? rest.slice(0, end) : rest;
      if (this.#atLineStart && !end && this.#mayBeFence(line)) {
        this.#held = line;
        break;
      }
      if (!this.#atLineStart || !this.#takeFence(line)) this.#ready += line;
      this.#atLineStart = end > 0;
      rest = rest.slice(line.length);
    }
    this.#commit();
  }

  /** Shows what was held back. */
  finish() {
    const last = this.#held;
    this.#held = '';
    if (last && !this.#takeFence(last)) this.#ready += last;
    this.#commit();
  }

  #mayBeFence(line) {
    return this.#fence ? /^[ \t]*`*\s*$/.test(line) : /^[ \t]*(`{0,2}|`{3,}[^`]*)$/.test(line);
  }

  #takeFence(line) {
    const bare = line.trimEnd();
    const match = opening.exec(bare);
    if (!match || (this.#fence && (match[2] || match[1].length < this.#fence.length))) return false;
    this.#commit();
    const mark = document.createElement('span');
    mark.hidden = true;
    mark.textContent = line;
    if (this.#fence) {
      this.#fence = '';
      this.#node.parentElement.append(mark);
      this.#node = null;
    } else {
      this.#fence = match[1];
      this.#openCode(mark, match[2].trim());
    }
    return true;
  }

  #openCode(mark, language) {
    const block = document.createElement('pre');
    const code = document.createElement('code');
    block.tabIndex = 0;
    if (language) block.dataset.language = language;
    this.#node = new Text();
    code.append(mark, this.#node);
    block.append(code);
    this.#root.append(block);
  }

  #commit() {
    if (!this.#ready) return;
    if (!this.#node) {
      const prose = document.createElement('div');
      this.#node = new Text();
      prose.append(this.#node);
      this.#root.append(prose);
    }
    this.#node.appendData(this.#ready);
    this.#ready = '';
  }
}
