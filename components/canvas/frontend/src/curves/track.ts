import type { Message, Track, Value } from "./protocol";
import type { Outcome } from "./record";

/** What the browser holds of a family of lines. Messages may overlap and repeat. */
export class TrackRecord {
  key = "";
  spec: Track | null = null;
  steps: number[] = [];
  values: Value[][] = [];

  accept(message: Message): Outcome {
    const { track, run } = message;
    const key = track === null ? "" : `${run}/${track.key}`;
    const fresh = key !== this.key;
    if (fresh) this.reset(key, track);
    if (track === null) return fresh ? "new run" : "nothing";
    if (track.from > this.steps.length) return "hole";
    const known = this.steps.length - track.from;
    for (const step of track.steps.slice(known)) this.steps.push(step);
    track.values.forEach((values, line) => {
      for (const value of values.slice(known)) this.values[line]!.push(value);
    });
    if (fresh) return "new run";
    return track.steps.length > known ? "more" : "nothing";
  }

  private reset(key: string, track: Track | null): void {
    this.key = key;
    this.spec = track;
    this.steps = [];
    this.values = (track?.lines ?? []).map(() => []);
  }
}
