import { element } from './elements';
import { Lazy } from './lazy';
import { inTurn } from './turns';

const engine = new Lazy(() => import('./math'));

/** A formula: as it was written until it can be drawn. */
export class MathNode {
  readonly root: HTMLElement;
  readonly #tex: string;
  readonly #isDisplay: boolean;
  /** Whether nothing is left to do. */
  isDrawn = false;

  constructor(tex: string, isDisplay: boolean) {
    this.#tex = tex;
    this.#isDisplay = isDisplay;
    this.root = element('span', isDisplay ? 'math-display' : 'math', {}, element('code', 'math-source', {}, tex));
    if (engine.value) this.#draw();
  }

  /** Draws it as soon as that is possible. */
  async draw(): Promise<void> {
    if (this.isDrawn || !(await engine.get())) return;
    await inTurn(() => {
      if (!this.isDrawn && this.root.isConnected) this.#draw();
    });
  }

  #draw(): void {
    this.isDrawn = true;
    const drawn = engine.value!.formula(this.#tex, this.#isDisplay);
    if (drawn) this.root.replaceChildren(drawn);
    if (this.#isDisplay) this.root.tabIndex = 0;
  }
}
