/** Every command explains itself. */
import { describe, expect, it } from 'vitest';
import { arborist } from './command-line.js';

const commands = [
  'serve sync peers requests approve decline fetch watch',
  'init enable disable status whoami invite join add accept roster kick rotate',
  'history verify events apply explain replay conflicts faults prove check seal open publish receive backup recover prune passphrase',
]
  .join(' ')
  .split(' ');

const programCommands = ['ingest', 'records', 'root', 'prove', 'check', 'conform'];
const all = [...programCommands.map((command) => [command]), ...commands.map((command) => ['mesh', command])];

async function help(...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await arborist([...command, '--help']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

describe('arborist', () => {
  it('lists the commands of the mesh, and no others', async () => {
    const listed = [...(await help('mesh')).matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual([...commands, 'help'].sort());
  });

  it('lists its own commands, and the mesh', async () => {
    const listed = [...(await help()).matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual([...programCommands, 'mesh', 'help'].sort());
  });

  it('prints its version', async () => {
    const { code, stdout } = await arborist(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it.each([[[]], [['mesh']]])('%j prints help to standard error, as wrong usage', async (args) => {
    const { code, stdout, stderr } = await arborist(args);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Usage: arborist/);
    expect(code).toBe(2);
  });

  it('has the help of a command in two places', async () => {
    expect((await arborist(['mesh', 'help', 'kick'])).stdout).toBe(await help('mesh', 'kick'));
  });
});

describe.each(all.map((path) => [path.join(' '), path] as const))('arborist %s --help', (command, path) => {
  it('has usage, a description, examples, the JSON fields, and the options of all commands', async () => {
    const text = await help(...path);
    expect(text).toMatch(new RegExp(`^Usage: arborist ${command} [^\\n]*\\n\\n[A-Z][\\s\\S]*?\\.\\n\\n`));
    expect(text).toMatch(new RegExp(`^Examples:\\n {2}\\$ .*arborist ${command}\\b.* # [^A-Z]`, 'm'));
    expect(text).toMatch(/^With --json:\n {2}[a-z]/m);
    expect(text).toMatch(/^Global Options:\n {2}--db <file> [\s\S]*^ {2}--json /m);
  });

  it('fits into 80 columns, without white space at line ends', async () => {
    for (const line of (await help(...path)).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80);
      expect(line).toBe(line.trimEnd());
    }
  });
});
