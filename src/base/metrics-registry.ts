import { subscribe } from 'node:diagnostics_channel';
import type { Registry } from 'prom-client';
import packageFile from '../../package.json' with { type: 'json' };
import { metrics, type MetricKind } from './metrics.ts';
import { gauge, metricChannel, type MetricSample } from './telemetry.ts';

let registry: Promise<Registry> | undefined;

/** Begins to sum up what `count`, `observe` and `gauge` publish in this process. Further calls do nothing. */
export async function startMetrics(): Promise<void> {
  registry ??= openRegistry();
  await registry;
}

/** Every metric in the Prometheus text format, together with the process's own (memory, event loop, collections). */
export async function metricsText(): Promise<string> {
  registry ??= openRegistry();
  return await (await registry).metrics();
}

async function openRegistry(): Promise<Registry> {
  const client = await import('prom-client');
  const opened = new client.Registry();
  client.collectDefaultMetrics({ register: opened });
  const takers = new Map<string, (sample: MetricSample) => void>();
  for (const [name, kind] of Object.entries<MetricKind>(metrics)) {
    const options = { name, help: kind.help, labelNames: [...kind.labels], registers: [opened] };
    if (kind.type === 'counter') {
      const counter = new client.Counter(options);
      takers.set(name, (sample) => counter.inc({ ...sample.labels }, sample.value));
    } else if (kind.type === 'gauge') {
      const held = new client.Gauge(options);
      takers.set(name, ({ labels, value, ended }) => {
        if (ended === true) held.remove({ ...labels });
        else held.set({ ...labels }, value);
      });
    } else {
      const histogram = new client.Histogram({ ...options, buckets: [...secondsBuckets] });
      takers.set(name, (sample) => histogram.observe({ ...sample.labels }, sample.value));
    }
  }
  subscribe(metricChannel, (message) => {
    const sample = message as MetricSample;
    takers.get(sample.name)?.(sample);
  });
  gauge('octavo_base_info', 1, { version: packageFile.version });
  return opened;
}

const secondsBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800,
] as const;
