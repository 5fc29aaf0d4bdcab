/** Shapes that tell classes apart without colour, in the order of `components.figures.SYMBOLS`. */
const SHAPES: ((pen: CanvasPath, x: number, y: number, r: number) => void)[] = [
  (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
  (pen, x, y, r) => polygon(pen, [x, y - 1.3 * r, x + 1.3 * r, y, x, y + 1.3 * r, x - 1.3 * r, y]),
  (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
  (pen, x, y, r) => polygon(pen, [x, y - 1.2 * r, x + 1.2 * r, y + r, x - 1.2 * r, y + r]),
  (pen, x, y, r) => polygon(pen, [x, y + 1.2 * r, x + 1.2 * r, y - r, x - 1.2 * r, y - r]),
];

/** Add the mark of a class to a path. */
export function addMark(pen: CanvasPath, number: number, x: number, y: number, radius: number): void {
  SHAPES[number % SHAPES.length]!(pen, x, y, radius);
}

function polygon(pen: CanvasPath, corners: number[]): void {
  pen.moveTo(corners[0]!, corners[1]!);
  for (let at = 2; at < corners.length; at += 2) pen.lineTo(corners[at]!, corners[at + 1]!);
  pen.closePath();
}
