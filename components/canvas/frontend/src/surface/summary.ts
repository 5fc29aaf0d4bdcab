import type { Message } from "./protocol";
import { label } from "./ticks";

/** One sentence about the figure, for people who hear the page. */
export function describe(message: Message): string {
  const [across, up] = message.axes;
  const what = message.columns
    ? `What the network takes points of ${across.name} and ${up.name} for`
    : `What the network predicts for ${across.name}`;
  if (message.step === null) return `${what}: nothing yet`;
  return `${what}, after batch ${message.step}: ${result(message)}`;
}

function result(message: Message): string {
  const { values, classes, names } = message;
  if (classes.length) {
    const shares = names.map((name, number) => {
      const found = classes.filter((each) => each === number).length;
      return `${name} in ${Math.round((100 * found) / classes.length)} % of the area`;
    });
    return shares.join(", ");
  }
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "no finite numbers";
  if (message.columns) return `from ${label(Math.min(...known))} to ${label(Math.max(...known))}`;
  return `from ${label(known[0]!)} on the left to ${label(known.at(-1)!)} on the right`;
}
