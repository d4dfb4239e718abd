/** The network at the command line: a server that holds the database, and the commands that work beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.js';
import { memoryIo } from './memory-io.js';
import { found, Peer } from './peer.js';

const root = mkdtempSync(join(tmpdir(), 'arborist-wire-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'peers-'));
});

/** A command that goes on by itself, until the test has had enough. */
class Running {
  readonly #controller = new AbortController();
  readonly #io;
  readonly done: Promise<number>;

  constructor(peer: Peer, args: readonly string[]) {
    this.#io = memoryIo({ environment: { ARBORIST_DB: peer.file }, interruption: this.#controller.signal });
    this.done = run(['mesh', ...args], this.#io);
  }

  get stdout(): string {
    return this.#io.stdout.text;
  }

  get stderr(): string {
    return this.#io.stderr.text;
  }

  /** Waits until standard output and error hold what is looked for. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout + this.stderr);
      if (match !== null) return match;
      const ended = await Promise.race([this.done, new Promise((resolve) => setTimeout(resolve, 20))]);
      if (ended !== undefined) throw new Error(`ended with ${ended}: ${this.stdout}${this.stderr}`);
    }
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    expect(await this.done, this.stderr).toBe(0);
  }
}

describe('a group over the network', () => {
  it('comes about by an invite text and an approval, while the server holds the database', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    const server = new Running(ada, ['serve']);
    const [, url = ''] = await server.until(/Listening on (\S+)/);
    const invite = (await ada.tell(['invite', '--url', url])).trim();
    const joining = new Running(ben, ['join', invite, '--member-id', 'ben']);
    const [, fingerprint = ''] = await joining.until(/mesh approve (\S+)/);
    expect(await ada.tell(['requests'])).toContain(fingerprint);
    expect(await ada.tell(['approve', fingerprint.toLowerCase()])).toBe('Added ben as member; epoch 1.\n');
    expect(await joining.done).toBe(0);
    expect(joining.stdout).toMatch(/^Joined orchard/);
    await ben.tell(['enable']);
    await ben.tell(['seal'], { stdin: 'the oak is sound' });
    expect(await ben.tell(['sync'])).toMatch(/\(ada\): 0 events, 0 messages received, 1 delivered\n$/);
    expect(await ada.ask(['status'])).toMatchObject({ epoch: 1, members: 2, messages: 1 });
    await ada.tell(['seal'], { stdin: 'then we climb' });
    await ada.tell(['rotate']);
    expect(await ben.tell(['sync'])).toContain('1 event, 1 message received');
    await ada.tell(['kick', 'ben']);
    expect(await ben.run(['sync'])).toMatchObject({ code: 1 });
    await server.stop();
  }, 60_000);

  it('declines a request, and its author waits no longer', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    const server = new Running(ada, ['serve']);
    const [, url = ''] = await server.until(/Listening on (\S+)/);
    const joining = new Running(ben, ['join', (await ada.tell(['invite', '--url', url])).trim(), '--member-id', 'ben']);
    const [, fingerprint = ''] = await joining.until(/mesh approve (\S+)/);
    expect(await ada.tell(['decline', fingerprint])).toBe('Declined ben.\n');
    expect(await ada.tell(['requests'])).toBe('No request waits.\n');
    expect(await joining.done).toBe(1);
    expect(joining.stderr).toContain('join-refused');
    await server.stop();
  }, 60_000);

  it('adds whoever answers an open invite', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    const server = new Running(ada, ['serve', '--advertise', '--log']);
    await server.until(/Listening on/);
    const invite = (await ada.tell(['invite', '--open', 'admin'])).trim();
    expect(await ben.tell(['join', invite])).toMatch(/^Joined orchard/);
    await ben.tell(['enable']);
    expect(await ben.tell(['sync'])).toContain('0 events, 0 messages received');
    const peer = await ben.ask(['peers']);
    expect(peer).toMatchObject({ peers: [{ memberId: null }] });
    await ben.tell(['peers', 'remove', String((peer.peers as { url: string }[])[0]?.url)]);
    expect(await ben.ask(['peers'])).toMatchObject({ peers: [{ memberId: 'ada' }] });
    expect(server.stderr).toMatch(/^sync ok peer-/m);
    await server.stop();
  }, 60_000);

  it('says what cannot be done', async () => {
    const ada = await found(folder, 'ada');
    expect(await ada.refuse(['sync'])).toContain('no peer is known yet');
    expect(await ada.refuse(['approve', 'AAAA-AAAA-AAAA-AAAA'])).toContain('no join request');
    expect(await ada.refuse(['peers', 'remove', 'https://oak.example'])).toContain('no peer with this URL');
    expect(await ada.run(['peers', 'add'])).toMatchObject({ code: 2 });
    expect(await ada.run(['peers', 'add', 'https://oak.example', '--pin', 'abc'])).toMatchObject({ code: 2 });
    await ada.tell(['peers', 'add', 'http://127.0.0.1:9']);
    const { code, stdout } = await ada.run(['sync']);
    expect(code).toBe(1);
    expect(stdout).toBe('http://127.0.0.1:9: http://127.0.0.1:9 cannot be reached\n');
    const server = new Running(ada, ['serve']);
    await server.until(/Listening on/);
    expect(await ada.refuse(['approve', 'AAAA-AAAA-AAAA-AAAA'])).toContain('no join request');
    expect(await ada.refuse(['kick', 'eve'])).not.toContain('another process');
    expect(await ada.refuse(['disable'])).toContain('finish');
    await server.stop();
  }, 60_000);

  it('can be watched', async () => {
    const ada = await found(folder, 'ada');
    const watching = new Running(ada, ['watch', '--interval', '1s']);
    await watching.until(/epoch 0 \(\S+\): 1 member, 0 messages/);
    await ada.tell(['rotate']);
    await watching.until(/epoch 1 /);
    await watching.stop();
  }, 60_000);
});
