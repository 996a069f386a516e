import { startMysqlServer, type MysqlServer, type MysqlServerOptions } from '../mysql-server.ts';
import { runProgram } from '../run-program.ts';
import { copyMysqlData, newestMysql, type MysqlRelease } from './programs.ts';

/** Starts a MySQL, by default the newest that can be had; fetches it when it is not there yet. */
export function startMysql(
  options: MysqlServerOptions & { readonly release?: MysqlRelease },
): Promise<MysqlServer> {
  const programs = (options.release ?? newestMysql).install();
  return startMysqlServer({
    ...options,
    programs,
    arguments: [...programs.settings, ...(options.arguments ?? [])],
    prepare: (data) => copyMysqlData(programs, data),
  });
}

/** Why a MySQL cannot run here, in one line; undefined where it can. Fetches it when it is not there yet. */
export function missingForMysql(release: MysqlRelease = newestMysql): string | undefined {
  const missing = release.missing();
  if (missing !== undefined) return missing;
  try {
    const [program, parameters] = release.install().server;
    runProgram(program, [...parameters, '--no-defaults', '--version']);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // Apt warns before it says what is wrong.
    const reason = /^E: .*$/m.exec(message)?.[0] ?? message.split('\n')[0] ?? '';
    return `MySQL ${release.name} cannot be had or does not start: ${reason.slice(0, 200)}`;
  }
}
