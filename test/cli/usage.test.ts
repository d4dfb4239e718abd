/** Wrong command lines: exit code 2 and one line that says what to look up. */
import { describe, expect, it } from 'vitest';
import { arborist } from './command-line.js';

const wrong: [string, string, string][] = [
  ['msh', "unknown command 'msh' (Did you mean mesh?)", 'arborist'],
  ['mesh kik', "unknown command 'kik' (Did you mean kick?)", 'arborist mesh'],
  ['mesh kick', "missing required argument 'member'", 'arborist mesh kick'],
  ['mesh kick a b', "too many arguments for 'kick'. Expected 1 argument but got 2.", 'arborist mesh kick'],
  ['mesh status --jsn', "unknown option '--jsn' (Did you mean --json?)", 'arborist mesh status'],
  ['mesh init', "required option '--group <name>' not specified", 'arborist mesh init'],
  ['mesh status --db', "option '--db <file>' argument missing", 'arborist'],
  [
    'mesh invite --expires soon',
    "option '--expires <duration>' argument 'soon' is invalid. Expected a duration such as 30m, 12h or 7d.",
    'arborist mesh invite',
  ],
  [
    'mesh roster --epoch -1',
    "option '--epoch <n>' argument '-1' is invalid. Expected the number of an epoch, from 0 on.",
    'arborist mesh roster',
  ],
  [
    'mesh add x --role queen',
    "option '--role <role>' argument 'queen' is invalid. Allowed choices are admin, member.",
    'arborist mesh add',
  ],
  [
    'mesh events --since x',
    "option '--since <id>' argument 'x' is invalid. Expected a whole id: 43 characters of base64url text.",
    'arborist mesh events',
  ],
  ['mesh apply - -', 'standard input (-) can be read only once', 'arborist mesh apply'],
];

describe.each(wrong)('arborist %s', (line, message, lookUp) => {
  const args = line.split(' ');

  it('is wrong usage', async () => {
    const { code, stdout, stderr } = await arborist(args);
    expect(stderr).toBe(`arborist: ${message} (see: ${lookUp} --help)\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is told as JSON with --json, wherever it stands', async () => {
    for (const withJson of [['--json', ...args], args.includes('--db') ? ['--json', ...args] : [...args, '--json']]) {
      const { code, stdout, stderr } = await arborist(withJson);
      expect(JSON.parse(stderr)).toEqual({ code: 'usage', message, hint: `see: ${lookUp} --help` });
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
  });
});

describe('a group of commands without a command', () => {
  it('is told as JSON as well', async () => {
    const { code, stderr } = await arborist(['mesh', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'usage', message: 'a command is missing' });
    expect(code).toBe(2);
  });
});

describe('a wrong command line that would steer the terminal', () => {
  it('is told without control characters', async () => {
    const { stderr } = await arborist(['mesh', '\u001b[2J\n']);
    expect(stderr).toMatch(/^arborist: unknown command '\\u\{1b\}\[2J '? ?'? .*\n$/);
  });
});
