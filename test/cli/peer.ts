/** Somebody at a command line, with a database of their own. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { arborist, type Outcome } from './command-line.js';
import type { Circumstances } from './memory-io.js';

/** Runs `arborist mesh …` on one database file. */
export class Peer {
  readonly file: string;
  /** Everything that came of it so far. */
  readonly outcomes: { readonly command: string; readonly outcome: Outcome }[] = [];

  constructor(folder: string, name: string) {
    this.file = join(folder, `${name}.db`);
  }

  /** Runs `arborist mesh` with the arguments. */
  async run(args: readonly string[], circumstances: Circumstances = {}): Promise<Outcome> {
    const outcome = await arborist(['mesh', ...args], {
      ...circumstances,
      environment: { ...circumstances.environment, ARBORIST_DB: this.file },
    });
    this.outcomes.push({ command: args[0] ?? '', outcome });
    return outcome;
  }

  /** Runs a command that works out, and gives its standard output. */
  async tell(args: readonly string[], circumstances: Circumstances = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, circumstances);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  /** Runs a command that works out with `--json`, and gives its document. */
  async ask(args: readonly string[], circumstances: Circumstances = {}): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], circumstances);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Runs a command that fails, and gives its complaint without the program's name. */
  async refuse(args: readonly string[], circumstances: Circumstances = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, circumstances);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^arborist: [^\n]+\n$/);
    expect(code).toBe(1);
    return stderr.slice('arborist: '.length, -1);
  }
}

/** Founds a group and enables the mesh. */
export async function found(folder: string, name: string): Promise<Peer> {
  const peer = new Peer(folder, name);
  await peer.tell(['init', '--group', 'orchard', '--member-id', name]);
  await peer.tell(['enable']);
  return peer;
}

/** Brings a peer into the group of an admin, and enables its mesh. */
export async function bringIn(folder: string, admin: Peer, name: string): Promise<Peer> {
  const peer = new Peer(folder, name);
  const request = await peer.tell(['join', '-', '--member-id', name], { stdin: await admin.tell(['invite']) });
  await peer.tell(['accept', '-'], { stdin: await admin.tell(['add', '-'], { stdin: request }) });
  await peer.tell(['enable']);
  return peer;
}
