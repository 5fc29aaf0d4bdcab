// Light or dark, told from the text's colour, whatever the theme is called.

/** The relative luminance of a computed colour such as "rgb(250, 250, 250)"; black where unknown. */
export function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

export function themeOf(root: HTMLElement): "light" | "dark" {
  return luminance(getComputedStyle(root).color) > 0.5 ? "dark" : "light";
}
