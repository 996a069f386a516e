import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from '../free-port.ts';
import { runServer } from '../run-server.ts';

/** An nginx of its own. */
export interface NginxServer {
  readonly port: number;
  /** The process that is told to open its logs anew. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts nginx on a folder that takes its settings and its files. */
export async function startNginx(options: {
  readonly folder: string;
  /** What stands in `http { … }`; its servers are given the port. */
  readonly http: (port: number) => string;
  /** One process that is its own worker, so that its use of the processor can be read. Default false. */
  readonly oneProcess?: boolean;
}): Promise<NginxServer> {
  const { folder, http, oneProcess = false } = options;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  // Its workers open a rotated log anew as themselves.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; ${oneProcess ? 'master_process off;' : ''} ${user} pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 1024; } http { ${temporary.join(' ')} ${http(port)} }\n`,
  );
  const server = await runServer({
    program: 'nginx',
    arguments: ['-p', folder, '-c', file],
    log: join(folder, 'nginx.out'),
    ready: () => answers(port),
  });
  return { port, pid: server.pid, stop: () => server.stop() };
}
