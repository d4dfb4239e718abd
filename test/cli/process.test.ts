/** The built program as a process among others: pipes, full disks, readers that leave. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arboristProcess, program } from './command-line.js';
import { found, type Peer } from './peer.js';

const folder = mkdtempSync(join(tmpdir(), 'arborist-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let ada: Peer;
beforeAll(async () => {
  ada = await found(folder, 'ada');
});

/** Runs a shell script in which `arborist` works on ada's database; the exit code is that of the last command to fail. */
async function shell(script: string): Promise<{ stdout: string; stderr: string; code: number }> {
  const environment = { ...process.env, ARBORIST_DB: ada.file, NODE: process.execPath, PROGRAM: program };
  const prologue = 'set -o pipefail; arborist() { "$NODE" "$PROGRAM" "$@"; }; ';
  try {
    const done = await promisify(execFile)('bash', ['-c', prologue + script], { cwd: folder, env: environment });
    return { ...done, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { stdout, stderr, code };
  }
}

describe('the program', () => {
  it('says what it is, in its own process', async () => {
    const { code, stdout, stderr } = await arboristProcess(['mesh', 'status', '--json'], {
      environment: { ARBORIST_DB: ada.file },
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ enabled: true, memberId: 'ada' });
    expect(code).toBe(0);
  });

  it('carries any bytes through a pipe, sealed and opened', async () => {
    const payload = Uint8Array.from({ length: 4_096 }, (_, i) => (i * 31) & 0xff);
    writeFileSync(join(folder, 'payload'), payload);
    const { code, stderr } = await shell('arborist mesh seal --out - < payload | arborist mesh open - > opened');
    expect(stderr).toBe('Sealed by ada in epoch 0; known here already.\n');
    expect(code).toBe(0);
    expect(new Uint8Array(readFileSync(join(folder, 'opened')))).toEqual(payload);
  });

  it('reads what a process substitution offers', async () => {
    const { code, stdout } = await shell('arborist mesh open <(echo hello | arborist mesh seal) 2> /dev/null');
    expect(stdout).toBe('hello\n');
    expect(code).toBe(0);
  });

  it('keeps quiet when its reader leaves', async () => {
    const { code, stdout, stderr } = await shell('arborist mesh events | true; arborist mesh --help | head -1');
    expect(stderr).not.toMatch(/EPIPE|arborist:/);
    expect(stdout).toBe('Usage: arborist mesh [options] [command]\n');
    expect(code).toBe(0);
  });

  it.each(['roster', '--help', 'kick --help'])(
    'fails in one line when the output of %s cannot be written',
    async (args) => {
      const { code, stderr } = await shell(`arborist mesh ${args} > /dev/full`);
      expect(stderr).toBe('arborist: standard output: no space left on the device\n');
      expect(code).toBe(1);
    },
  );

  it('fails before it changes anything when --out cannot be written', async () => {
    const before = readFileSync(ada.file);
    const { code, stderr } = await shell('arborist mesh rotate --out no-such-folder/rotate.bin');
    expect(stderr).toBe('arborist: no-such-folder/rotate.bin: no such file or folder\n');
    expect(code).toBe(1);
    expect(readFileSync(ada.file)).toEqual(before);
  });

  it('exits with 2 on wrong usage', async () => {
    expect(await arboristProcess(['mesh', 'kick'])).toMatchObject({ code: 2, stdout: '' });
  });
});
