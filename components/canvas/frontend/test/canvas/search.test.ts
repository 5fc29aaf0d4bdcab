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
it("needs every word", () => expect(kinds("max pool")).toEqual(["MaxPool2d"]));
it("adds the best match", () => {
  expect(best(catalogue, "linear")?.kind).toBe("Linear");
  expect(best(catalogue, "branch")?.kind).toBe("Branches");
  expect(best(catalogue, "relu")?.kind).toBe("ReLU");
  expect(best(catalogue, "")).toBeNull();
  expect(best(catalogue, "xyzzy")).toBeNull();
});
