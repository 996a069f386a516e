import { join } from 'node:path';
import { parseYaml, type Storage } from '../base/index.ts';
import { MetricFile, toMetrics, type Metric } from './metric.ts';

/** Reads every `*.yaml` of a project's `metrics/` folder. Errors: `metric_invalid` with file and line. */
export async function loadMetrics(directory: string, storage: Storage): Promise<ReadonlyMap<string, Metric>> {
  const specs = [];
  for (const { name, directory: folder } of await storage.list(directory)) {
    if (folder || !/\.ya?ml$/.test(name)) continue;
    const text = (await storage.read(join(directory, name))).toString('utf8');
    const file = `metrics/${name}`;
    const { metrics } = parseYaml({ text, file, schema: MetricFile, code: 'metric_invalid' });
    specs.push(...metrics.map((spec) => ({ spec, file })));
  }
  return toMetrics(specs);
}
