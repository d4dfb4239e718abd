/** Five peers in processes: partition, heal, a kill in mid-transfer, a restored backup. Only with `--mode long`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PeerProcess } from './peer-process.js';

const names = ['ada', 'ben', 'cleo', 'dan', 'eve'] as const;
type Name = (typeof names)[number];

interface Status {
  readonly epoch: number;
  readonly head: string;
  readonly messages: number;
  readonly conflicts: number;
}

interface Address {
  readonly url: string;
  readonly certPin: string;
}

const peers = {} as Record<Name, PeerProcess>;
const addresses = {} as Record<Name, Address>;
let folder: string;
const fileOf = (name: string) => join(folder, `${name}.db`);
const all = <T>(work: (peer: PeerProcess, name: Name) => Promise<T>) =>
  Promise.all(names.map((name) => work(peers[name], name)));

async function start(name: Name, file = fileOf(name)): Promise<PeerProcess> {
  const peer = new PeerProcess();
  peers[name] = peer;
  await peer.call('open', file);
  return peer;
}

async function serve(name: Name): Promise<void> {
  addresses[name] = await peers[name].call<Address>('serve', { advertise: true });
}

const gossip = (name: Name) => peers[name].call('gossip', { interval: 400 });

/** Whether a peer has nothing to give to another one, nor to take from it. */
async function inStep(one: Name, other: Name): Promise<boolean> {
  const { url, certPin } = addresses[other];
  const { exchanges } = await peers[one].call<{ exchanges: number }>('sync', url, certPin);
  // A summary in which nothing differs.
  return exchanges === 1;
}

/** Waits until every peer is in step with ada, and tells the head that all have then. */
async function converge(): Promise<Status[]> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const others = names.filter((name) => name !== 'ada');
    const verdicts: boolean[] = [];
    for (const name of others) verdicts.push(await inStep(name, 'ada').catch(() => false));
    const states = await all((peer) => peer.call<Status>('status'));
    if (verdicts.every((verdict) => verdict) && new Set(states.map(({ head }) => head)).size === 1) return states;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`no agreement: ${JSON.stringify(await all((peer) => peer.call('status')))}`);
}

describe('Five peers', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'arborist-five-'));
    const ada = await start('ada');
    await ada.call('found', 'ada');
    await serve('ada');
    for (const name of names.slice(1)) {
      const peer = await start(name);
      await peer.call('join', await ada.call('invite', 'admin'), name);
      await serve(name);
    }
    await all((_, name) => gossip(name));
  }, 300_000);
  afterAll(async () => {
    await all((peer) => peer.end());
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  test('find each other and agree', async () => {
    await all((peer) => peer.call('say', 5, 100));
    const states = await converge();
    expect(states.map(({ epoch }) => epoch)).toEqual([4, 4, 4, 4, 4]);
    for (const known of await all((peer) => peer.call<unknown[]>('peers'))) expect(known).toHaveLength(5);
  });

  test('agree again after a partition in which both sides changed the roster', async () => {
    for (const name of ['dan', 'eve'] as const) {
      await peers[name].call('ungossip');
      await peers[name].call('unserve');
    }
    await peers.dan.call('rotate');
    await peers.dan.call('say', 4, 100);
    addresses.dan = await peers.dan.call<Address>('serve', {});
    await peers.eve.call('sync', addresses.dan.url, addresses.dan.certPin);
    await peers.ben.call('rotate');
    await peers.ben.call('say', 4, 100);
    const apart = await all((peer) => peer.call<Status>('status'));
    expect(apart[3]?.head).toBe(apart[4]?.head);
    expect(apart[3]?.head).not.toBe(apart[1]?.head);
    await serve('eve');
    for (const name of ['dan', 'eve'] as const) await gossip(name);
    await converge();
  });

  test('lose nothing when one is killed in mid-transfer', async () => {
    await peers.cleo.call('ungossip');
    for (const name of names) await peers[name].call('ungossip');
    await peers.ada.call('say', 3_000, 1_000);
    const transfer = peers.cleo.call('sync', addresses.ada.url, addresses.ada.certPin).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await peers.cleo.kill();
    await transfer;
    await start('cleo');
    await serve('cleo');
    expect(await peers.cleo.call('verify')).toEqual([]);
    const states = await converge();
    expect(states.every(({ messages }) => messages >= 3_000)).toBe(true);
    for (const name of names) await gossip(name);
  });

  test('blame nobody whose database was restored from a backup', async () => {
    const backup = join(folder, 'backup.db');
    await peers.ben.call('backup', backup);
    await peers.ben.call('say', 10, 100);
    await converge();
    await peers.ben.kill();
    await start('ben', backup);
    await serve('ben');
    // Before it has heard of what it said after the backup.
    await peers.ben.call('say', 3, 100);
    await gossip('ben');
    const states = await converge();
    expect(states.map(({ conflicts }) => conflicts)).toEqual([0, 0, 0, 0, 0]);
  });

  test('shut out whoever was kicked', async () => {
    await peers.ada.call('kick', 'eve');
    const others = names.filter((name) => name !== 'eve');
    for (let attempt = 0; attempt < 100; attempt++) {
      const states = await Promise.all(others.map((name) => peers[name].call<Status>('status')));
      if (new Set(states.map(({ head }) => head)).size === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    for (const name of others) {
      const { url, certPin } = addresses[name];
      await expect(peers.eve.call('sync', url, certPin)).rejects.toMatchObject({ code: 'wire-refused' });
    }
  });
});
