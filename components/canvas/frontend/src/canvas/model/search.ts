// Which palette items a search text leaves, the best match first.

import type { Catalogue, Kind } from "./protocol";

export interface Group {
  readonly name: string;
  readonly kinds: readonly Kind[];
}

/** Categories with the kinds that match every word of the text; without a text, all as they are. */
export function search(catalogue: Catalogue, text: string): readonly Group[] {
  const words = split(text);
  const groups = catalogue.categories.map(({ name, kinds }) => {
    const found = kinds
      .flatMap((kind) => catalogue.kinds[kind] ?? [])
      .map((kind) => ({ kind, rank: rank(kind, words) }))
      .filter((each) => each.rank > 0)
      .sort((a, b) => b.rank - a.rank);
    return { name, kinds: found.map((each) => each.kind), rank: found[0]?.rank ?? 0 };
  });
  const some = groups.filter((group) => group.kinds.length > 0);
  return words.length > 0 ? some.sort((a, b) => b.rank - a.rank) : some;
}

/** The kind that Enter adds. */
export function best(catalogue: Catalogue, text: string): Kind | null {
  return split(text).length === 0 ? null : (search(catalogue, text)[0]?.kinds[0] ?? null);
}

function split(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** How well a kind matches all words; 0 where one of them is nowhere. */
function rank(kind: Kind, words: readonly string[]): number {
  const scores = words.map((word) => score(kind, word));
  return scores.includes(0) ? 0 : scores.reduce((sum, each) => sum + each, 1);
}

/**
 * The name's beginning counts most, then the beginning of a word, last what is inside one. Of words
 * in names that of the category counts more than a beginning: "pool" is MaxPool before PoolUnpool.
 */
function score(kind: Kind, word: string): number {
  const named = parts(kind.kind).some((part) => part.startsWith(word));
  return base(kind, word) + (named && kind.category.toLowerCase().startsWith(word) ? 17 : 0);
}

function base(kind: Kind, word: string): number {
  const name = kind.kind.toLowerCase();
  const begins = (text: string): boolean => text.startsWith(word);
  const keywords = kind.keywords.map((keyword) => keyword.toLowerCase());
  if (name === word) return 64;
  if (begins(name)) return 32;
  if (parts(kind.kind).some(begins)) return 16;
  if (keywords.some((keyword) => keyword.split(/[\s-]+/).some(begins))) return 8;
  if (name.includes(word)) return 4;
  if (`${kind.category} ${kind.summary}`.toLowerCase().split(/\W+/).some(begins)) return 2;
  return keywords.some((keyword) => keyword.includes(word)) ? 1 : 0;
}

/** "AdaptiveAvgPool2d": adaptive, avg, pool, 2d. */
function parts(name: string): readonly string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d\w*/g) ?? []).map((part) => part.toLowerCase());
}
