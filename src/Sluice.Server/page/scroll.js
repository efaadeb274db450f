// Follows the end of the transcript until its reader scrolls up, and from then on leaves it alone until they are back at the end.
const near = 32;

export class Follower {
  #box;
  #button;
  #pinned = true;
  #top = 0;
  #height = 0;
  #touchY = 0;

  constructor(box, content, button) {
    this.#box = box;
    this.#button = button;
    new ResizeObserver(() => this.#follow()).observe(content);
    new ResizeObserver(() => this.#follow()).observe(box);
    box.addEventListener('wheel', e => e.deltaY < 0 && this.#release(), { passive: true });
    box.addEventListener('touchstart', e => (this.#touchY = e.touches[0].clientY), { passive: true });
    box.addEventListener('touchmove', e => e.touches[0].clientY > this.#touchY && this.#release(), { passive: true });
    box.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    button.addEventListener('click', () => this.pin());
  }

  /** Goes to the end and stays there. */
  pin() {
    this.#pinned = true;
    this.#follow();
  }

  /** Scrolls by a page, for keys that are pressed in the composer. */
  page(direction) {
    if (direction < 0) this.#release();
    this.#box.scrollBy(0, direction * this.#box.clientHeight * 0.85);
  }

  get #distance() {
    return this.#box.scrollHeight - this.#box.clientHeight - this.#box.scrollTop;
  }

  #release() {
    if (this.#box.scrollHeight <= this.#box.clientHeight) return;
    this.#pinned = false;
    this.#show();
  }

  #onScroll() {
    const { scrollTop, scrollHeight } = this.#box;
    // Text that became shorter moves the view up by itself; only a reader moves it up over the same text.
    if (scrollTop < this.#top - 1 && scrollHeight >= this.#height) this.#pinned = false;
    else if (scrollTop > this.#top && this.#distance <= near) this.#pinned = true;
    this.#top = scrollTop;
    this.#height = scrollHeight;
    this.#show();
  }

  #follow() {
    if (this.#pinned) this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
    this.#height = this.#box.scrollHeight;
    this.#show();
  }

  #show() {
    this.#button.hidden = this.#pinned || this.#distance <= 1;
  }
}
