import type { ShipConfig } from './config.ts';
import { stateCheck, targetChecks, type CheckOptions, type ShipCheck } from './check-target.ts';
import { dryRun } from './dry-run.ts';
import { machineLogFiles } from './file/log-files.ts';
import { absolute } from './open-ship.ts';

/**
 * Looks whether an agent would find its files, understand their first lines, keep its state, and be let in by the collector, the
 * brokers or the folder that its events go to; nothing is sent or kept.
 */
export async function checkShip(options: CheckOptions): Promise<readonly ShipCheck[]> {
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
  return [...files, await stateCheck(options), ...(await targetChecks(options))];
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
