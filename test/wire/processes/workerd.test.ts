/** workerd as a server's handler and as a client, over HTTP on loopback. Only with `--mode long`. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/bytes.js';
import { encodeCbor } from '../../../src/codec/cbor.js';
import {
  createInvite,
  initIdentity,
  type MeshDatabase,
  openDatabase,
  roster,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../../src/index.js';
import { joinGroup, openInviteToAll, type RunningServer, serveMesh, syncWith } from '../../../src/wire/index.js';
import { decodeHello } from '../../../src/wire/protocol/hello.js';
import { refusalOf, signedBy, zeros } from '../support/handler-peers.js';
import { startMeddler } from './meddler.js';
import { WorkerdPeer } from './workerd-peer.js';

const body = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The status of an answer to a body that never ends: bytes as fast as they are taken, or one now and then. */
function sendWithoutEnd(url: string, start: Uint8Array, pace: 'fast' | 'slow'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(url, { method: 'POST' }, (response) => {
      clearInterval(timer);
      response.resume();
      resolve(response.statusCode);
      sending.destroy();
    });
    const part = zeros(pace === 'fast' ? 65_536 : 1);
    // An immediate runs after what has come was read: a write to a closed connection would discard the answer unread.
    const timer = setInterval(() => setImmediate(() => sending.write(part)), pace === 'fast' ? 1 : 50);
    sending.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    sending.write(start);
  });
}

describe('workerd as a handler', () => {
  let oak: WorkerdPeer;
  let ben: MeshDatabase;
  const messages = async () => (await oak.call<{ messages: number }>('status')).messages;
  const midOf = (name: string) => roster(ben).find(({ memberId }) => memberId === name)?.mid as Uint8Array;
  const post = (bytes: Uint8Array, path = 'sync') =>
    fetch(`${oak.url}/mesh/v1/${path}`, { method: 'POST', body: body(bytes) });

  beforeAll(async () => {
    oak = await WorkerdPeer.start();
    await oak.call('open');
    await oak.call('found', 'oak');
    ben = await openDatabase();
  });
  afterAll(() => oak?.end());

  test('tells who answers', async () => {
    const response = await fetch(`${oak.url}/mesh/v1/hello`);
    expect(response.headers.get('content-type')).toBe('application/cbor');
    expect(decodeHello(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ protocol: 'arborist-mesh/1' });
  });

  test('lets a peer join, follow and push', async () => {
    const invite = await oak.call<string>('inviteTo', oak.url, null, 'admin');
    await joinGroup(ben, invite, { memberId: 'ben' });
    setEnabled(ben, true);
    await expect(joinGroup(await openDatabase(), invite, { memberId: 'eve' })).rejects.toMatchObject({
      refusal: 'invite-refused',
    });
    await oak.call('say', 700, 100);
    await oak.call('rotate');
    for (let i = 0; i < 3; i++) sealGossip(ben, zeros(60_000));
    expect(await syncWith(ben, { url: oak.url })).toMatchObject({
      memberId: 'oak',
      received: { events: 1, messages: 700 },
      delivered: 3,
      refused: [],
      deliveriesRefused: 0,
    });
    expect(await syncWith(ben, { url: oak.url })).toMatchObject({ exchanges: 1 });
    expect(await messages()).toBe(703);
    expect(await oak.call('verify')).toEqual([]);
    expect(verifyHistory(ben).problems).toEqual([]);
  });

  test('refuses what it must with the code for it, and takes nothing in', async () => {
    const to = midOf('oak');
    const before = await oak.call('status');
    const good = signedBy(ben, { to }).bytes;
    const tampered = good.slice();
    tampered[tampered.length - 1] = (tampered.at(-1) as number) ^ 1;
    const now = ben.now();
    expect(await refusalOf(await post(good))).toBeNull();
    const cases: readonly (readonly [string, Uint8Array, string?])[] = [
      ['repeated', good],
      ['bad-signature', tampered],
      ['bad-request', encodeCbor(['not', 'a', 'frame'])],
      ['too-large', zeros(20_000)],
      ['too-large', concatBytes(good, zeros(1_100_000))],
      ['other-group', signedBy(ben, { to, groupId: zeros(32) }).bytes],
      ['misdirected', signedBy(ben, { to: midOf('ben') }).bytes],
      ['misdirected', signedBy(ben, { to, path: 'push' }).bytes],
      ['not-fresh', signedBy(ben, { to, now: now - 91 }).bytes],
      ['not-fresh', signedBy(ben, { to, now: now + 600 }).bytes],
      ['wrong-method', zeros(0), 'hello'],
      ['no-such-path', zeros(0), 'roster'],
    ];
    for (const [code, bytes, path] of cases) {
      await pause(1_100);
      expect(await refusalOf(await post(bytes, path))).toBe(code);
    }
    expect(await oak.call('status')).toEqual(before);
  });

  test('gives up on a body that does not end, fast or slow', async () => {
    const url = `${oak.url}/mesh/v1/sync`;
    expect(await sendWithoutEnd(url, zeros(1), 'fast')).toBe(413);
    expect(await sendWithoutEnd(url, signedBy(ben, { to: midOf('oak') }).bytes, 'fast')).toBe(413);
    expect(await sendWithoutEnd(url, zeros(1), 'slow')).toBe(408);
  });

  test('serves strangers and members within their rates', async () => {
    const strangers = await Promise.all(Array.from({ length: 30 }, () => fetch(`${oak.url}/mesh/v1/hello`)));
    expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    const to = midOf('oak');
    const members = await Promise.all(Array.from({ length: 300 }, () => post(signedBy(ben, { to }).bytes)));
    expect(new Set(members.map(({ status }) => status))).toEqual(new Set([200, 429]));
  });
});

describe('workerd as a client', () => {
  let oak: WorkerdPeer;
  let ada: MeshDatabase;
  let server: RunningServer;

  beforeAll(async () => {
    ada = await openDatabase();
    initIdentity(ada, { groupName: 'orchard', memberId: 'ada' });
    setEnabled(ada, true);
    server = await serveMesh(ada, { tls: false });
    oak = await WorkerdPeer.start();
    await oak.call('open');
  });
  afterAll(async () => {
    await oak?.end();
    await server?.close();
  });

  test('joins, follows and pushes', async () => {
    const { invite, inviteId } = createInvite(ada, { urls: [server.url] });
    openInviteToAll(ada, inviteId);
    await oak.call('join', invite, 'oak');
    for (let i = 0; i < 10; i++) sealGossip(ada, zeros(100));
    await oak.call('say', 3, 100);
    expect(await oak.call('sync', server.url, null)).toMatchObject({ received: { messages: 10 }, delivered: 3 });
    expect(await oak.call('sync', server.url, null)).toMatchObject({ exchanges: 1 });
  });

  test('takes nothing in from an answer that was changed on the way, and follows no redirect', async () => {
    const meddler = await startMeddler(server.url);
    sealGossip(ada, zeros(1));
    meddler.meddling = 'answers';
    await expect(oak.call('sync', meddler.url, null)).rejects.toMatchObject({ code: 'bad-answer' });
    meddler.meddling = 'redirect';
    await expect(oak.call('sync', meddler.url, null)).rejects.toMatchObject({ code: 'wire-refused' });
    meddler.meddling = 'nothing';
    expect(await oak.call('sync', meddler.url, null)).toMatchObject({ received: { messages: 1 }, refused: [] });
    meddler.close();
  });
});
