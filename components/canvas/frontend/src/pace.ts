// When a component asks Python to look again, so that pages need no timer of Streamlit's: such a
// timer goes on while the page is being left, and its late request then undoes the new page.

/** Milliseconds after a click on a link in which nothing is asked: the page may be on its way out. */
export const LEAVING = 5_000;
/** Milliseconds after which a question without an answer is asked again. */
export const PATIENCE = 4_000;

/** Whether a click may lead to another page. */
export function isOnLink(event: Event): boolean {
  return event.composedPath().some((each) => each instanceof HTMLAnchorElement);
}

export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private quietUntil = 0;
  private readonly page = document;

  constructor(
    private readonly ask: (count: number) => void,
    private readonly wait: number,
    private readonly patience: number = PATIENCE,
  ) {
    document.addEventListener("click", this.onClick, true);
  }

  /** An answer has come: ask again after a while, or not at all. */
  receive(goOn: boolean): void {
    clearTimeout(this.timer);
    if (goOn) this.plan(this.wait);
  }

  /** Ask as soon as may be. */
  hurry(): void {
    this.plan(0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.page.removeEventListener("click", this.onClick, true);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.tick, Math.max(wait, this.quietUntil - Date.now()));
  }

  private readonly tick = (): void => {
    this.asked += 1;
    this.ask(this.asked);
    this.plan(this.patience);
  };

  private readonly onClick = (event: Event): void => {
    if (!isOnLink(event)) return;
    this.quietUntil = Date.now() + LEAVING;
    if (this.timer !== undefined) this.plan(this.wait);
  };
}
