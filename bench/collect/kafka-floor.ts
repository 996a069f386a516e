import { runKafkaClass } from '../../services/kafka/cluster.ts';
import { report } from '../report.ts';

/** Bytes of an event as the collector stores it. */
const recordBytes = 600;

/** What Kafka's own measuring producer writes to the same broker, with the same guarantee. */
export function reportProducer(address: string, folder: string, records: number): void {
  const topic = 'producer-performance';
  const run = (line: string): ReturnType<typeof runKafkaClass> => runKafkaClass(line.split(' '), folder);
  const made = run(
    `org.apache.kafka.tools.TopicCommand --bootstrap-server ${address} --create --topic ${topic} --partitions 2`,
  );
  const said = run(
    `org.apache.kafka.tools.ProducerPerformance --topic ${topic} --num-records ${records} --record-size ${recordBytes} ` +
      `--throughput -1 --producer-props bootstrap.servers=${address} acks=all compression.type=zstd`,
  );
  const last = said.stdout.trimEnd().split('\n').at(-1) ?? '';
  const [, rate] = /([\d.]+) records\/sec/.exec(last) ?? [];
  if (rate === undefined)
    throw new Error(`Kafka's producer did not run: ${made.stderr}${said.stdout}${said.stderr}`);
  report(`Kafka itself: its own measuring producer, ${recordBytes} bytes a record, acks=all, random texts`, [
    { what: 'records', value: Number(rate), unit: 'records/s' },
  ]);
}
