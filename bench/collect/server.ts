import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNginx } from '../../services/nginx/server.ts';

/** What a server has used so far. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  /** What is left on the heap after a collection of garbage; absent for who has none. */
  readonly heapBytes?: number;
  /** The longest sync to the disk since it was last asked; absent for who doesn't tell. */
  readonly slowestSyncMs?: number;
  /** For how long nothing else was done, at most, since it was last asked. */
  readonly longestTurnMs?: number;
}

/** A server that takes the load, in a process of its own. */
export interface LoadedServer {
  readonly port: number;
  /** Undefined where the system doesn't tell. */
  usage(): Promise<Usage | undefined>;
  stop(): Promise<void>;
}

/** How a server is started; the folder is for its files. */
export type StartServer = (folder: string) => Promise<LoadedServer>;

/** A script of this folder in a Node of its own. */
export function scriptServer(
  script: string,
  options: { readonly key: string; readonly kafka?: string; readonly execArgv?: readonly string[] },
): StartServer {
  return async (folder) => {
    const { key, kafka, execArgv = [] } = options;
    const child = fork(
      join(import.meta.dirname, `${script}.ts`),
      [folder, key, ...(kafka === undefined ? [] : [kafka])],
      { execArgv: ['--expose-gc', ...execArgv] },
    );
    const reply = replies(child);
    const { port } = (await reply()) as { readonly port: number };
    return {
      port,
      usage: async () => {
        child.send('usage');
        return (await reply()) as Usage;
      },
      stop: async () => {
        child.send('stop');
        await once(child, 'exit');
      },
    };
  };
}

/**
 * nginx, which takes the same requests and writes each with its body as a line of its access log; it does not wait for the
 * disk. A body is known to its log only where it goes on to another server, which is nginx too.
 */
export const nginxServer: StartServer = async (folder) => {
  const inner = `unix:${join(folder, 'nginx.sock')}`;
  const { port, pid, stop } = await startNginx({
    folder,
    oneProcess: true,
    http: (
      outer,
    ) => `log_format bodies escape=json '$remote_addr [$time_iso8601] "$request" $status "$request_body"';
      keepalive_requests 1000000000; client_body_buffer_size 1m; client_max_body_size 8m; access_log off;
      upstream inner { server ${inner}; keepalive 64; keepalive_requests 1000000000; }
      server { listen ${inner}; location / { return 200 '{}'; } }
      server { listen 127.0.0.1:${outer}; location / { access_log ${join(folder, 'access.log')} bodies;
        proxy_pass http://inner; proxy_http_version 1.1; proxy_set_header Connection ''; } }`,
  });
  return { port, usage: () => Promise.resolve(usageOf(pid)), stop };
};

/** What Linux says of another process. */
function usageOf(pid: number): Usage | undefined {
  try {
    // The name in brackets may have spaces; the 12th and 13th after it are ticks in user and system mode, then at 22 the pages.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuSeconds: ticks / ticksPerSecond, rssBytes: Number(fields[21]) * pageBytes };
  } catch {
    return undefined;
  }
}

const ticksPerSecond = 100;
const pageBytes = 4096;

/** Gives the child's next messages; fails when it ends instead. */
function replies(child: ChildProcess): () => Promise<unknown> {
  const gone = once(child, 'exit').then(() => {
    throw new Error('the server under load ended');
  });
  gone.catch(() => undefined);
  return async () => {
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
    return message;
  };
}
