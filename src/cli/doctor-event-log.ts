import { join } from 'node:path';
import { folderHolder } from '../base/index.ts';
import type { Finding } from './finding.ts';
import { logStanding, type LogStanding } from './log-standing.ts';
import type { Platform } from './platform.ts';

const namedMax = 3;

/** The event log, and whether it reaches from what was loaded to what comes. */
export async function eventLog(platform: Platform): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const topic of ['events', 'failed'] as const) {
    const standing = await logStanding(platform, topic);
    const wrong = [...standing.wrong, ...holesOf(standing, platform)];
    const check = `event log ${topic}`;
    const where = standing.place === 'journal' ? '' : `${standing.place} in Kafka: `;
    const remedy =
      standing.place === 'journal' ? 'restore the files from a backup' : 'see docs/guides/kafka.md';
    if (wrong.length > 0)
      findings.push({
        check,
        status: 'wrong',
        detail: `${wrong.slice(0, namedMax).join('; ')}; ${remedy}`,
      });
    else if (standing.warnings.length > 0)
      findings.push({ check, status: 'warning', detail: standing.warnings.slice(0, namedMax).join('; ') });
    else
      findings.push({ check, status: 'ok', detail: `${where}${standing.waiting} records wait to be loaded` });
  }
  return findings;
}

function holesOf({ topic, place, partitions }: LogStanding, { dataFolder }: Platform): readonly string[] {
  const running = folderHolder(join(dataFolder, 'lock')) !== undefined;
  return partitions.flatMap(({ partition, start, end, loaded }) => {
    const name =
      place === 'journal' ? `${topic}/${String(partition).padStart(4, '0')}` : `${place}/${partition}`;
    // Other loaders may be at work on Kafka, whoever holds the folder.
    const behind = end < loaded && (place !== 'journal' || !running);
    return [
      ...(start > loaded
        ? [`${name} begins at record ${start}, the warehouse has those before ${loaded}`]
        : []),
      ...(behind ? [`${name} ends at record ${end}, ${loaded} were loaded from it`] : []),
    ];
  });
}
