// Which palette items a search text leaves.

import type { Catalogue, Kind } from "./protocol";

export interface Group {
  readonly name: string;
  readonly kinds: readonly Kind[];
}

/** Categories with the kinds that match every word of the text, the best match first. */
export function search(catalogue: Catalogue, text: string): readonly Group[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return catalogue.categories.flatMap(({ name, kinds }) => {
    const found = kinds
      .flatMap((kind) => catalogue.kinds[kind] ?? [])
      .filter((kind) => words.every((word) => score(kind, name, word) > 0));
    return found.length ? [{ name, kinds: found }] : [];
  });
}

/** The kind that Enter adds. */
export function best(catalogue: Catalogue, text: string): Kind | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const total = (kind: Kind): number =>
    words.reduce((sum, word) => sum + score(kind, kind.category, word), 0);
  const found = search(catalogue, text).flatMap((group) => group.kinds);
  return found.reduce<Kind | null>((top, kind) => (!top || total(kind) > total(top) ? kind : top), null);
}

function score(kind: Kind, category: string, word: string): number {
  const name = kind.kind.toLowerCase();
  if (name === word) return 6;
  if (name.startsWith(word)) return 5;
  if (name.includes(word)) return 4;
  if (kind.keywords.some((keyword) => keyword.toLowerCase().startsWith(word))) return 3;
  if (kind.keywords.some((keyword) => keyword.toLowerCase().includes(word))) return 2;
  return `${kind.summary} ${category}`.toLowerCase().includes(word) ? 1 : 0;
}
