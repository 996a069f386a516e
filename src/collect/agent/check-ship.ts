import { toOctavoError, type Clock, type Storage } from '../../base/index.ts';
import type { ShipConfig } from './config.ts';
import { askCollector } from './deliver/http-sink.ts';
import { dryRun } from './dry-run.ts';
import { machineLogFiles } from './file/log-files.ts';
import { absolute, keyOf } from './open-ship.ts';

/** One thing that was looked at before an agent is started. */
export interface ShipCheck {
  /** A file, a pattern that no file has, or where the events go. */
  readonly what: string;
  readonly ok: boolean;
  /** What was found. */
  readonly finding: string;
}

/**
 * Looks whether an agent would find its files, understand their first lines, and be let in by the collector; nothing is sent or
 * kept.
 */
export async function checkShip(options: {
  readonly config: ShipConfig;
  readonly key: string | undefined;
  readonly workingDirectory: string;
  readonly storage: Storage;
  readonly clock: Clock;
}): Promise<readonly ShipCheck[]> {
  const { config, workingDirectory } = options;
  const files = config.inputs.flatMap((input) => {
    const [patterns, exclude] = [absolute(input, workingDirectory).files, [input.exclude ?? []].flat()];
    return [patterns].flat().flatMap((pattern): readonly ShipCheck[] => {
      const found = machineLogFiles().find([pattern], exclude);
      if (found.length === 0) return [{ what: pattern, ok: false, finding: 'no file has such a name now' }];
      const { files: _files, ...rest } = input;
      return found.map((path) =>
        fileCheck(path, {
          ...config,
          inputs: [{ ...rest, files: path.replaceAll(/[*?{}[\]()!]/g, '[$&]') }],
        }),
      );
    });
  });
  return [...files, await targetCheck(options)];
}

const linesMax = 200;

function fileCheck(path: string, config: ShipConfig): ShipCheck {
  const lines = dryRun(config, '/', linesMax);
  const failed = lines.filter((line) => line.failed !== undefined);
  const dropped = lines.filter((line) => line.dropped !== undefined).length;
  const kinds = Map.groupBy(
    lines.flatMap(({ event }) => (event === undefined ? [] : [String(event['kind'])])),
    (kind) => kind,
  );
  const told = [...kinds].map(([kind, { length }]) => `${length} ${kind}`);
  if (dropped > 0) told.push(`${dropped} left out`);
  const [first] = failed;
  if (first !== undefined) {
    const at = first.line === '' ? '' : `: '${first.line.slice(0, shownMax)}'`;
    told.push(`${failed.length} failed, first ${first.failed} at byte ${first.offset}${at}`);
  }
  const finding = lines.length === 0 ? 'it has no whole line yet' : told.join(', ');
  // Some lines of every log are broken; most are not.
  return { what: path, ok: failed.length * 2 <= lines.length, finding };
}

const shownMax = 60;

async function targetCheck(options: Parameters<typeof checkShip>[0]): Promise<ShipCheck> {
  const { url, journal, kafka } = options.config.to;
  if (url === undefined)
    return {
      what: journal ?? kafka?.brokers ?? '',
      ok: true,
      finding: 'not tried: it is opened when the agent starts',
    };
  try {
    await askCollector(url, await keyOf(options), options.clock);
    return { what: url, ok: true, finding: 'the collector answers, and takes events with this key' };
  } catch (thrown) {
    return { what: url, ok: false, finding: toOctavoError(thrown).message };
  }
}
