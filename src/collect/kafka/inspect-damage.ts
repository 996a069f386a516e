import { hasCode } from '../../base/index.ts';
import type { KafkaConnection } from './kafka-options.ts';
import { PartitionReader } from './partition-reader.ts';

/** Where reading would go on. */
export interface ReadPlace {
  readonly partition: number;
  readonly offset: number;
}

/** One that is damaged, with what is wrong. */
export interface DamagedPlace extends ReadPlace {
  readonly reason: string;
}

/** Reads one record at each place; those whose partition cannot be read on because of damage, with what is wrong. Errors: `log_unavailable`. */
export async function inspectDamage(
  connection: KafkaConnection,
  topic: { readonly name: string; readonly id: string },
  places: readonly ReadPlace[],
): Promise<readonly DamagedPlace[]> {
  const looked = await Promise.all(
    places.map(async (place) => {
      const { partition, offset } = place;
      const reader = new PartitionReader({ connection, topic: topic.name, topicId: topic.id, partition });
      try {
        const { damage } = await reader.read(offset, { recordsMax: 1, bytesMax: 1 });
        return damage.map(({ reason }) => ({ ...place, reason }));
      } catch (error) {
        if (hasCode(error, 'log_damaged'))
          return [
            {
              ...place,
              reason: `${error.about}; the other partitions are loaded meanwhile`,
            },
          ];
        // What was released meanwhile is told by the offsets.
        if (hasCode(error, 'log_offset_gone') || hasCode(error, 'log_truncated')) return [];
        throw error;
      } finally {
        await reader.close();
      }
    }),
  );
  return looked.flat();
}
