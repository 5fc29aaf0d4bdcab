// Light or dark, told from the background Streamlit gives, whatever theme it is called.

/** The relative luminance of a computed colour such as "rgb(14, 17, 23)". */
export function luminance(colour: string): number {
  const [r = 255, g = 255, b = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

export function themeOf(element: HTMLElement): "light" | "dark" {
  const probe = document.createElement("span");
  probe.style.color = "var(--st-background-color, Canvas)";
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return luminance(colour) < 0.4 ? "dark" : "light";
}
