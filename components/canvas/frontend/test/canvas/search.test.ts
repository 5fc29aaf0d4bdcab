import { expect, it } from "vitest";
import { best, search } from "../../src/canvas/model/search";
import { catalogue } from "./fixtures";

const kinds = (text: string) => search(catalogue, text).flatMap((group) => group.kinds.map((kind) => kind.kind));

it("shows everything for no text", () => expect(kinds(" ").length).toBe(Object.keys(catalogue.kinds).length));
it("matches kind, keyword and help", () => {
  expect(kinds("conv2")).toEqual(["Conv2d"]);
  expect(kinds("dense")).toContain("Linear");
  expect(kinds("xyzzy")).toEqual([]);
});
it("needs every word", () => {
  expect(kinds("max pool").slice(0, 3)).toEqual(["MaxPool1d", "MaxPool2d", "MaxPool3d"]);
  expect(kinds("max pool")).not.toContain("AvgPool2d");
});
it("ranks the name's beginning first, then a word's, last what is inside one", () => {
  expect(kinds("lin")[0]).toBe("Linear");
  expect(kinds("pool").slice(0, 4)).toEqual(["MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d"]);
  expect(kinds("pool")).toContain("PoolUnpool2d");
  expect(kinds("norm").slice(0, 3)).toEqual(["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"]);
  const odd = { categories: [{ name: "A", kinds: ["Xlin", "MyLin"] }, { name: "B", kinds: ["Linear"] }], kinds: {}, dataSets: [], templates: [] };
  const made = Object.fromEntries(["Xlin", "MyLin", "Linear"].map((kind) => [kind, { ...catalogue.kinds["ReLU"]!, kind, keywords: [], summary: "" }]));
  expect(search({ ...odd, kinds: made }, "lin").map((group) => group.kinds.map(({ kind }) => kind))).toEqual([["Linear"], ["MyLin", "Xlin"]]);
});
it("keeps the catalogue's order where no text is typed", () =>
  expect(search(catalogue, "").map((group) => group.name)).toEqual(catalogue.categories.map(({ name }) => name)));
it("adds the best match", () => {
  expect(best(catalogue, "linear")?.kind).toBe("Linear");
  expect(best(catalogue, "branch")?.kind).toBe("Branches");
  expect(best(catalogue, "relu")?.kind).toBe("ReLU");
  expect(best(catalogue, "")).toBeNull();
  expect(best(catalogue, "xyzzy")).toBeNull();
});
