import type { Command } from 'commander';
import { createCollectServer, createEventFeed } from '../../collect/index.ts';
import { createCollectTail, trackerOf } from '../../api/index.ts';
import { startMetrics } from '../../base/index.ts';
import { portOption } from '../arguments.ts';
import { answerOf, commandOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { limitsOf, openCollector } from '../open-collector.ts';
import { codeVersion } from '../platform.ts';
import { tellPlace } from '../running-place.ts';
import { trackerFolder } from '../service.ts';
import { stopped } from './start.ts';

/** `octavo collect` */
export function registerCollect(program: Command, cli: Cli): void {
  program
    .command('collect')
    .description('Take events over HTTP and keep them in the event log; nothing else.')
    .option('--port <port>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .addHelpText(
      'after',
      `
Examples:
  octavo keys create web --browser --origin https://store.example
  octavo collect --host 0.0.0.0 --port 8085
  curl http://127.0.0.1:8085/v1/health

It answers POST /v1/events and the paths of other SDKs (docs/guides/collect.md), serves the tracker for pages
(/o/o.js, docs/guides/tracker.md), /v1/health for a load balancer,
and /metrics for Prometheus. 200 means that the events are on the disk, or acknowledged by every replica of Kafka.

With the embedded journal the collector owns the data folder, so \`octavo start\`, which also collects, can't run beside
it: what was taken is loaded when it runs again. With Kafka any number of collectors, loaders and servers run together.

SIGTERM or Ctrl-C stops it: no new requests (health says 503), what was accepted is answered, then it ends. With --json
the first line is {"ready":true,"url":…} and the last one has the counts.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ port?: string; host?: string }>(command);
      const answer = answerOf(cli, options);
      const port = options.port === undefined ? undefined : portOption(options.port);
      await withPlatform(cli, { ...options, own: 'log', command: 'octavo collect' }, async (platform) => {
        const { config, ownership, keys, clock } = platform;
        await startMetrics();
        const feed = ownership === undefined ? undefined : createEventFeed(ownership.logs);
        const collector = await openCollector(platform, feed);
        const server = await createCollectServer({
          collector,
          limits: limitsOf(platform),
          host: options.host ?? config.http.host,
          port: port ?? config.http.port,
          version: codeVersion,
          tracker: trackerOf({ ...config.tracker, folder: trackerFolder }),
          ...(feed === undefined ? {} : { tail: createCollectTail({ feed, keys, clock }) }),
        }).catch(async (error: unknown) => {
          await collector.close();
          throw error;
        });
        const leave = tellPlace(platform.dataFolder, { command: 'octavo collect', url: server.url });
        answer.document({ ready: true, url: server.url });
        answer.say(`collecting at ${server.url}/v1/events; Ctrl-C stops`);
        answer.note(`a key: ${commandOf(cli, options, platform)} keys create <name> --scope events:write`);
        await stopped(cli.signal);
        leave();
        await server.close(config.http.stopTimeoutMs);
        const { received, stored, duplicates, failed } = collector.status();
        answer.document({ stopped: true, received, stored, duplicates, failed });
        answer.say(
          `stopped: ${received} received, ${stored} stored, ${duplicates} duplicates, ${failed} failed`,
        );
      });
    });
}
