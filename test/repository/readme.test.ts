/** The README's examples, run as a reader would run them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'readme-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'arborist-mesh'));
mkdirSync(join(folder, 'bin'));
symlinkSync(join(root, 'dist/cli/main.js'), join(folder, 'bin', 'arborist'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');
}

function run(command: string, args: string[]): string {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, NO_COLOR: '1' };
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', env });
}

function runModule(name: string, source: string | undefined): string {
  writeFileSync(join(folder, name), source ?? '');
  return run(process.execPath, [name]);
}

describe('the README', () => {
  it('has a library quick start of ten lines at most that runs as printed', () => {
    const [quickStart] = blocks('js');
    expect(quickStart?.trim().split('\n').length).toBeLessThanOrEqual(11);
    const output = runModule('quick-start.mjs', quickStart);
    expect(output).toContain("sender: 'ada'");
    expect(output).toContain('epoch: 1');
  });

  it('goes on with an example about records that runs as printed, after the quick start', () => {
    rmSync(join(folder, 'ada.db'), { force: true });
    const [quickStart, records] = blocks('js');
    expect(runModule('records.mjs', `${quickStart}${records}`)).toMatch(/\[ 'ben', 'ada' \]\n$/);
  });

  it('has another example, of the primitives, that runs as printed', () => {
    expect(runModule('primitives.mjs', blocks('js')[2])).toBe('true\n');
  });

  it('has a command line quick start that runs as printed', () => {
    rmSync(join(folder, 'ada.db'), { force: true });
    const commands = blocks('sh').find((block) => block.includes('arborist mesh init'));
    const output = run('sh', ['-euc', commands ?? 'exit 1']);
    expect(output).toContain('the oak is sound\n');
    expect(output).toMatch(/ ada .* https:\/\/example\.org\/invite\.txt\n.* https:\/\/example\.org\/message\.txt\n$/);
  });
});
