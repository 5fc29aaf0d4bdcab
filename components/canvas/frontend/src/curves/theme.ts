/** Colours and letters of the page, read from the CSS variables that Streamlit sets. */
export interface Theme {
  text: string;
  faint: string;
  grid: string;
  background: string;
  train: string;
  validation: string;
  /** Of the lines of a family. */
  lines: readonly string[];
  font: string;
}

// Blue and vermilion, sky blue and orange of Okabe and Ito: told apart with every kind of colour sight.
const ON_LIGHT = {
  train: "#0072b2",
  validation: "#c44e00",
  lines: ["#0072b2", "#c44e00", "#008a65", "#b0568f", "#8a6d00", "#3a9bd0", "#5b5b66", "#7a3fb0"],
};
const ON_DARK = {
  train: "#56b4e9",
  validation: "#f0a500",
  lines: ["#56b4e9", "#f0a500", "#2fc49a", "#e08bbd", "#f0e442", "#6f9bff", "#b8b8c4", "#e8735a"],
};

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const read = (name: string, otherwise: string): string =>
    style.getPropertyValue(name).trim() || otherwise;
  const background = read("--st-background-color", "#ffffff");
  const text = read("--st-text-color", "#31333f");
  return {
    text,
    background,
    faint: fade(text, 0.7),
    grid: fade(text, 0.12),
    font: read("--st-font", "sans-serif"),
    ...(isDark(background) ? ON_DARK : ON_LIGHT),
  };
}

/** Red, green and blue, 0 to 255, of `#rgb`, `#rrggbb` or `rgb(…)`; black for anything else. */
export function channels(colour: string): [number, number, number] {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(colour);
  if (short) return triple(short.slice(1).map((digit) => parseInt(digit + digit, 16)));
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(colour);
  if (long) return triple(long.slice(1).map((digits) => parseInt(digits, 16)));
  const numbers = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(colour);
  return triple(numbers ? numbers.slice(1).map(Number) : []);
}

function triple(numbers: number[]): [number, number, number] {
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

function isDark(colour: string): boolean {
  const [red, green, blue] = channels(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

export function fade(colour: string, opacity: number): string {
  return `rgba(${channels(colour).join(", ")}, ${opacity})`;
}
