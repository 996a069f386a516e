import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const script = join(import.meta.dirname, '../../scripts/test-services.ts');

describe('npm run test:services', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-missing-'));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs the script on a machine that has these programs only; they print this. */
  const runWith = (programs: Readonly<Record<string, string>>) => {
    for (const [name, output] of Object.entries(programs)) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
    }
    const environment = { ...process.env, PATH: folder };
    return spawnSync(process.execPath, [script], { encoding: 'utf8', env: environment });
  };

  it('says in one line each how to install what is missing, and fails', () => {
    const { status, stdout, stderr } = runWith({});
    assert.equal(status, 1);
    assert.equal(stderr, '');
    const lines = stdout.trim().split('\n');
    assert.match(lines[0] ?? '', /^missing: a Java development kit.*; install it with: \w.*openjdk/);
    assert.match(lines[1] ?? '', /^missing: Maven; install it with: \w.*maven$/);
    assert.deepEqual(lines.slice(-4), ['ℹ tests 0', 'ℹ pass 0', 'ℹ fail 2', '0 passed, 2 failed']);
    assert.equal(lines.length, 6);
  });

  it('asks for another Java when it is too old, or cannot compile', () => {
    for (const modules of ['jdk.compiler@11.0.2', 'java.base@17.0.15']) {
      const { status, stdout } = runWith({ java: modules, mvn: 'Apache Maven' });
      assert.equal(status, 1);
      assert.match(stdout, /^missing: a Java development kit/);
      assert.match(stdout, /^ℹ fail 1$/m);
    }
  });
});
