import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { parseYaml, type Storage } from '../base/index.ts';
import { MetricFile, toMetrics, type Metric, type MetricSource } from './metric.ts';

/** Reads every `*.yaml` of a project's `metrics/` folder. Errors: `metric_invalid` with file and line. */
export async function loadMetrics(directory: string, storage: Storage): Promise<ReadonlyMap<string, Metric>> {
  const sources: MetricSource[] = [];
  for (const { name, directory: folder } of await storage.list(directory)) {
    if (folder || !/\.ya?ml$/.test(name)) continue;
    const text = (await storage.read(join(directory, name))).toString('utf8');
    sources.push(...parseMetricFile(text, `metrics/${name}`));
  }
  return toMetrics(sources);
}

/** The definitions of one file with the places they stand at. Errors: `metric_invalid` with file and line. */
export function parseMetricFile(text: string, file: string): readonly MetricSource[] {
  const { metrics } = parseYaml({ text, file, schema: MetricFile, code: 'metric_invalid' });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return metrics.map((spec, index) => ({
    spec,
    at: (key) => {
      const nodes = [...(key === undefined ? [] : [['metrics', index, key]]), ['metrics', index]];
      for (const path of nodes) {
        const node = document.getIn(path, true) as { readonly range?: readonly number[] } | undefined;
        if (node?.range?.[0] !== undefined) return `${file}:${lines.linePos(node.range[0]).line}`;
      }
      return file;
    },
  }));
}
