// Inline icons, 16 × 16, drawn with the text's colour.

import type { JSX } from "preact";

const PATHS = {
  undo: "M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H7",
  redo: "M10 3l3.5 3.5L10 10M13 6.5H6.5a4 4 0 0 0 0 8H9",
  duplicate: "M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3M8 8.5h3M8 10.8h3",
  paste: "M5.5 3.5h-2v10h9v-10h-2M5.5 2.5h5v2.5h-5zM8 7.5v4M6.3 10 8 11.7 9.7 10",
  wrap: "M5.5 6.5h5v3h-5zM2.5 5v-2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11",
  keys: "M5.8 6.1a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.8-1.1 1.7M8 12.2v.1",
  delete: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7v4M9.2 7v4",
  rename: "M9.5 3.5l3 3L6 13l-3.5.5L3 10zM8 5l3 3",
  bypass: "M1.5 11H4c3 0 2-7 5-7 1.6 0 1.7 1.6 2 3M14.5 11H11M11 7l.2 0M12.8 4.8 11 7 8.6 5.6",
  freeze: "M8 1.8v12.4M2.6 4.9l10.8 6.2M13.4 4.9 2.6 11.1M6.2 2.8 8 4.6l1.8-1.8M6.2 13.2 8 11.4l1.8 1.8M2.5 7.2l2.4-.7-.7-2.4M13.5 8.8l-2.4.7.7 2.4M13.5 7.2l-2.4-.7.7-2.4M2.5 8.8l2.4.7-.7 2.4",
  clear: "M3 13.5h10M6.3 11.5 2.8 8l5.7-5.7 4.7 4.7-4.5 4.5zM5.5 5.3l4.7 4.7",
  templates: "M2.5 2.5h11v3.5h-11zM2.5 8.5H7v5H2.5zM9.5 8.5h4v5h-4z",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.4 3.4",
  fold: "M4.5 6.5 8 10l3.5-3.5",
  unfold: "M6.5 4.5 10 8l-3.5 3.5",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  fault: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1",
  wait: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3.2l2 1.6",
  repair: "M13.5 5.2a3.4 3.4 0 0 1-4.6 3.9L5 13a1.6 1.6 0 0 1-2.2-2.2l3.9-3.9a3.4 3.4 0 0 1 4-4.5L8.6 4.5l.5 2.3 2.3.5z",
  link: "M6.5 9.5 9.5 6.5M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5 7.5 13a3 3 0 0 1-4.3-4.3L4.7 7.2",
  unlink: "M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5 7.5 13a3 3 0 0 1-4.3-4.3L4.7 7.2M5 2.5v1.2M2.5 5h1.2M11 13.5v-1.2M13.5 11h-1.2",
  pin: "M5.5 2.5h5M6.5 2.5v4L4.5 9v1h7V9l-2-2.5v-4M8 10v4",
  reset: "M3 8a5 5 0 1 0 1.7-3.7M3 2.8v2.7h2.7",
  docs: "M6.5 3h-4v10.5H13v-4M9 2.5h4.5V7M13.2 2.8 7.5 8.5",
  input: "M2.5 8h8M7.5 5l3 3-3 3M13.5 3v10",
  data: "M8 2.5c3 0 5 .8 5 2s-2 2-5 2-5-.8-5-2 2-2 5-2zM3 4.5v7c0 1.2 2 2 5 2s5-.8 5-2v-7M3 8c0 1.2 2 2 5 2s5-.8 5-2",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  before: "M10 3.5 5.5 8l4.5 4.5",
  next: "M6 3.5 10.5 8 6 12.5",
  random: "M2 4.5h2.5l6 7H14M2 11.5h2.5l6-7H14M12 2.5l2 2-2 2M12 9.5l2 2-2 2",
  check: "M3 8.5 6.5 12 13 4.5",
  arrow: "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return <Drawing path={PATHS[name]} size={size} />;
}

// One glyph per category of the catalogue; a category without one gets the plain square.
const GLYPHS: Readonly<Record<string, string>> = {
  linear: "M3 4h.1M3 8h.1M3 12h.1M13 6h.1M13 10h.1M3 4l10 2M3 4l10 6M3 8l10-2M3 8l10 2M3 12l10-6M3 12l10-2",
  convolution: "M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11",
  pooling: "M2.5 2.5h6v6h-6zM10.5 10.5h3v3h-3zM8.5 8.5l2 2",
  normalisation: "M2 12.5c3.5 0 3.5-9 6-9s2.5 9 6 9M8 3.5v9",
  activation: "M2 11.5h6L13.5 4",
  dropout: "M4 4h.1M8 4h.1M12 8h.1M4 12h.1M8 8h.1M11 3l2 2M13 3l-2 2M7 11l2 2M9 11l-2 2M3 7l2 2M5 7 3 9",
  reshape: "M2.5 6v4h3V6zM8 3.5v9M10.5 3h3v10h-3z",
  padding: "M5 5h6v6H5zM2.5 2.5h2M7 2.5h2M11.5 2.5h2M2.5 13.5h2M7 13.5h2M11.5 13.5h2M2.5 7v2M13.5 7v2",
  containers: "M2.5 2.5h11v11h-11zM5 5.5h6M5 8h6M5 10.5h6",
  recurrent: "M8 3a5 5 0 1 1-4.6 3M3 2.5V6h3.5",
  attention: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.8v1.5M8 12.7v1.5M1.8 8h1.5M12.7 8h1.5",
};

export function Glyph({ category }: { category: string }): JSX.Element {
  const word = category.toLowerCase();
  const key = Object.keys(GLYPHS).find((name) => word.startsWith(name.slice(0, 6)));
  return <Drawing path={key ? GLYPHS[key]! : "M3.5 3.5h9v9h-9z"} size={16} />;
}

function Drawing({ path, size }: { path: string; size: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
