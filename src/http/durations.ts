import type { Metric, Registry } from "prom-client";

/** Durations of things with one label. */
export type Durations = (label: string, seconds: number) => void;

/** What was counted for one value of the label. */
interface Counted {
  /** One for each bound, and one for what is longer than all of them. */
  readonly buckets: Float64Array;
  sum: number;
}

/**
 * A histogram of one label. It counts by itself and becomes a metric when it is scraped: prom-client checks and hashes
 * the labels of every observation, which costs more than everything else that is measured of a request.
 * @param bounds upper bounds of the buckets in seconds, ascending
 */
export function createDurations(
  registry: Registry,
  { name, help, labelName, bounds }: { name: string; help: string; labelName: string; bounds: readonly number[] },
): Durations {
  const children = new Map<string, Counted>();
  const get = async () => {
    const values = [...children].flatMap(([label, counted]) => valuesOf(name, { [labelName]: label }, bounds, counted));
    return { name, help, type: "histogram", aggregator: "sum", values };
  };
  registry.registerMetric({ name, get } as unknown as Metric<string>);

  return (label, seconds) => {
    let counted = children.get(label);
    if (counted === undefined) {
      counted = { buckets: new Float64Array(bounds.length + 1), sum: 0 };
      children.set(label, counted);
    }
    let at = 0;
    while (seconds > (bounds[at] as number)) at++;
    (counted.buckets[at] as number) += 1;
    counted.sum += seconds;
  };
}

/** As the exposition format has them: each bucket with all that is shorter. */
function valuesOf(name: string, labels: object, bounds: readonly number[], { buckets, sum }: Counted) {
  let count = 0;
  const values: object[] = [];
  for (const [at, inBucket] of buckets.entries()) {
    count += inBucket;
    values.push({ metricName: `${name}_bucket`, labels: { le: bounds[at] ?? "+Inf", ...labels }, value: count });
  }
  values.push({ metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: count });
  return values;
}
