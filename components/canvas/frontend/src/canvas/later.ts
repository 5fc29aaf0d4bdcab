// When the page draws what an edit changes. Drawing takes longer than the way to a server near by
// and back, and would hold up both the request (Streamlit sends it in a timer of its own) and the
// answer. So after a request the page waits for the answer a moment, and draws once instead of
// twice; where the answer takes longer, the edit is drawn without it.

/** Milliseconds that drawing waits for an answer: what is shown within 100 seems immediate. */
export const HOLD_MS = 80;

let waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Draw soon; while an answer is expected, together with it. */
export function drawSoon(draw: () => void): void {
  setTimeout(() => {
    if (timer === undefined) draw();
    else waiting.push(draw);
  });
}

/** A request has been made: hold what is to be drawn. */
export function hold(): void {
  timer ??= setTimeout(release, HOLD_MS);
}

/** The answer is here (or takes too long): draw what has waited. */
export function release(): void {
  clearTimeout(timer);
  timer = undefined;
  const draws = waiting;
  waiting = [];
  for (const draw of draws) draw();
}
