/** Two admins act at once, at the command line: what each of them sees, and how nothing is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arborist } from './command-line.js';
import { bringIn, found, Peer } from './peer.js';

const folder = mkdtempSync(join(tmpdir(), 'arborist-forks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let ada: Peer;
let ben: Peer;
/** The bundle of ben's kick, made while ada rotated. */
let lostKick: string;

/** Everything that one peer knows goes to the other. */
async function sync(from: Peer, to: Peer): Promise<void> {
  await to.tell(['apply'], { stdin: await from.tell(['events']) });
}

/** Brings in a second admin. */
async function bringInAdmin(admin: Peer, name: string): Promise<Peer> {
  const peer = new Peer(folder, name);
  const request = await peer.tell(['join', '-', '--member-id', name], { stdin: await admin.tell(['invite']) });
  const welcome = await admin.tell(['add', '-', '--role', 'admin'], { stdin: request });
  await peer.tell(['accept', '-'], { stdin: welcome });
  await peer.tell(['enable']);
  return peer;
}

beforeAll(async () => {
  ada = await found(folder, 'ada');
  ben = await bringInAdmin(ada, 'ben');
  await bringIn(folder, ada, 'eve');
  await sync(ada, ben);
  lostKick = await ben.tell(['kick', 'eve']);
  await ada.tell(['rotate']);
});

describe('two admins who act at once', () => {
  it('can ask beforehand what the event of the other would do', async () => {
    const { outcome, effect } = await ada.ask(['explain', lostKick.trim()]);
    expect(outcome).toBe('applied');
    expect(effect).toMatchObject({ kind: 'kick', actor: 'ben', subject: 'eve', movesHead: false });
    expect(effect).toMatchObject({ loss: { why: 'branch-lost', decidedBy: 'ada' } });
    expect(await ada.tell(['explain', lostKick.trim()])).toContain("a more senior admin's branch won: ada");
    expect(await ada.ask(['history'])).toMatchObject({ events: { length: 4 } });
  });

  it('come to the same head, and see the branch that lost', async () => {
    await sync(ben, ada);
    await sync(ada, ben);
    expect((await ada.ask(['status'])).head).toBe((await ben.ask(['status'])).head);
    const graph = await ben.tell(['history', '--graph']);
    expect(graph).toMatch(/^● 2 {2}add eve by ada .*\n├─○ 3 {2}kick eve by ben .* lost\n★ 3 {2}rotate by ada /m);
  });

  it('cannot seal to somebody whom a kick on the losing branch removes', async () => {
    expect(await ada.refuse(['seal', '-'], { stdin: 'to whom?' })).toContain('eve');
    expect(await ada.tell(['status'])).toContain('eve was kicked on a branch that lost');
  });

  it('are told what was lost, and replay it', async () => {
    expect(await ada.tell(['replay', '--list'])).toContain('kick eve');
    const { pending } = await ben.ask(['replay', '--list']);
    expect(pending).toMatchObject([{ kind: 'kick', subject: 'eve', own: true, why: 'branch-lost', decidedBy: 'ada' }]);
    await ada.tell(['apply'], { stdin: await ben.tell(['replay']) });
    expect((await ada.ask(['roster'])).members).toMatchObject({ length: 2 });
    expect(await ada.tell(['replay', '--list'])).toBe('Nothing was lost.\n');
    await ada.tell(['seal', '-'], { stdin: 'to ben' });
  });
});

describe('a proof of membership', () => {
  it('is checked with the group id alone, without a database', async () => {
    const { groupId } = await ada.ask(['status']);
    const proof = (await ada.tell(['prove', 'eve', '--epoch', '2'])).trim();
    const nowhere = ['--db', join(folder, 'nowhere.db')];
    const checked = await arborist(['mesh', 'check', proof, '--group-id', String(groupId), ...nowhere]);
    expect(checked.stdout).toContain('eve was member at epoch 2');
    expect(checked.code).toBe(0);
    const other = await arborist(['mesh', 'check', proof, '--group-id', 'A'.repeat(43), ...nowhere]);
    expect(other.stderr).toContain('another group');
    expect(other.code).toBe(1);
  });

  it('is not made for somebody who was not a member then', async () => {
    expect(await ada.refuse(['prove', 'eve', '--epoch', '1'])).toContain('"eve" was not a member in epoch 1');
  });
});

describe('contradictions', () => {
  it('are none among honest peers', async () => {
    expect(await ada.tell(['conflicts'])).toBe('No contradictions.\n');
    expect(await ada.ask(['faults'])).toEqual({ faults: [] });
  });
});
