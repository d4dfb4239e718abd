/** `arborist conform`: the suite at the command line, and the vectors for others. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listChecks } from '../../src/conformance/index.js';
import { arborist } from './command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'arborist-conform-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('arborist conform', () => {
  // The suite itself runs in a test of its own.
  it.runIf(process.env.MODE === 'long')('runs every check in this runtime and leaves no folder behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('arborist-conform-'));
    const { code, stdout } = await arborist(['conform', '--json']);
    const { ok, runtime, areas } = JSON.parse(stdout);
    expect([code, ok]).toEqual([0, true]);
    expect(runtime.name).toBe('Node.js');
    expect(
      areas.map(({ name, checks }: { name: string; checks: { name: string }[] }) => [name, checks.length]),
    ).toEqual(listChecks().map(({ name, checks }) => [name, checks.length]));
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('arborist-conform-'))).toEqual(before);
  });

  it('writes the vectors with a README, and nothing into a folder that holds something', async () => {
    const target = join(folder, 'vectors');
    const { code, stdout } = await arborist(['conform', '--vectors', target, '--json']);
    expect(code).toBe(0);
    const { vectors } = JSON.parse(stdout);
    for (const path of vectors) expect(existsSync(join(target, path))).toBe(true);
    expect(vectors).toContain('README.md');
    expect(JSON.parse(readFileSync(join(target, 'crypto/rfc7748.json'), 'utf8')).source).toMatch(/7748/);

    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'mine'), '');
    const again = await arborist(['conform', '--vectors', taken]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/not empty/);
    expect(readdirSync(taken)).toEqual(['mine']);
  });
});
