import type { Value } from "./protocol";

/**
 * Exponential moving average, corrected for its start as in Adam:
 * s_t = β·s_(t-1) + (1-β)·v_t, shown as s_t / (1 - β^t), with β = 1 - 2 / (window + 1).
 * Values that are not finite leave the average as it was and are shown as a gap.
 */
export class Smoother {
  readonly values: Value[] = [];
  private readonly beta: number;
  private sum = 0;
  private weight = 1;

  constructor(window: number) {
    this.beta = 1 - 2 / (window + 1);
  }

  extend(added: readonly Value[]): void {
    for (const value of added) this.values.push(this.next(value));
  }

  private next(value: Value): Value {
    if (value === null) return null;
    this.sum = this.beta * this.sum + (1 - this.beta) * value;
    this.weight *= this.beta;
    return this.sum / (1 - this.weight);
  }
}
