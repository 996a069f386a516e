import { channel } from 'node:diagnostics_channel';
import type { LabelsOf, MetricName, MetricNameOf } from './metrics.ts';

/** The diagnostics channel on which every sample is published. */
export const metricChannel = 'octavo:metric';

/** One sample as it is published. */
export interface MetricSample {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** What the labels of a gauge name is no more. */
  readonly ended?: true;
}

const samples = channel(metricChannel);

/** Adds to a counter; one when no value is given. Costs next to nothing while nobody listens. */
export function count<N extends MetricNameOf<'counter'>>(name: N, labels?: LabelsOf<N>, value = 1): void {
  publish(name, value, labels);
}

/** Adds a duration in seconds to a histogram. */
export function observe<N extends MetricNameOf<'histogram'>>(
  name: N,
  seconds: number,
  labels?: LabelsOf<N>,
): void {
  publish(name, seconds, labels);
}

/** Sets a gauge; undefined takes its labels out, when what they name is no more. */
export function gauge<N extends MetricNameOf<'gauge'>>(
  name: N,
  value: number | undefined,
  labels?: LabelsOf<N>,
): void {
  if (value !== undefined) publish(name, value, labels);
  else if (samples.hasSubscribers)
    samples.publish({ name, labels: labels ?? {}, value: 0, ended: true } satisfies MetricSample);
}

function publish(name: MetricName, value: number, labels: Readonly<Record<string, string>> = {}): void {
  if (samples.hasSubscribers) samples.publish({ name, labels, value } satisfies MetricSample);
}
