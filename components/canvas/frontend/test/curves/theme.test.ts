import { expect, it } from "vitest";
import { channels, readTheme } from "../../src/curves/theme";

it.each([
  ["#fff", [255, 255, 255]],
  ["#0e1117", [14, 17, 23]],
  ["rgb(1, 2, 3)", [1, 2, 3]],
  ["rgba(49 51 63 / 20%)", [49, 51, 63]],
  ["", [0, 0, 0]],
])("reads %s", (colour, expected) => {
  expect(channels(colour)).toEqual(expected);
});

it("takes lighter lines on a dark page", () => {
  const element = document.body;
  element.style.setProperty("--st-background-color", "#0e1117");
  const dark = readTheme(element);
  element.style.setProperty("--st-background-color", "#ffffff");
  expect([dark.train, readTheme(element).train]).toEqual(["#56b4e9", "#0072b2"]);
});
