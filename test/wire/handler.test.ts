/** The handler, called with requests as objects: who is let in, and what is refused, in which order. */
import { describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { encodeCbor } from '../../src/codec/cbor.js';
import { signFrame } from '../../src/codec/frame.js';
import { generateSigningKeypair } from '../../src/crypto/index.js';
import { applyEvents, kickMember, type MeshDatabase, meshStatus, sealGossip, setEnabled } from '../../src/index.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { createMeshHandler, type MeshHandler, type WireLogEntry, wireStats } from '../../src/wire/index.js';
import { decodeHello } from '../../src/wire/protocol/hello.js';
import { signRequest } from '../../src/wire/protocol/request.js';
import { NoncePool } from '../../src/wire/server/nonce-pool.js';
import { openGroup } from '../mesh/support/peers.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { handlerOf, post, refusalOf, signedBy, TestClock, zeros } from './support/handler-peers.js';

const midOf = (db: MeshDatabase) => meshStatus(db).group?.mid as Uint8Array;
const body = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;
const get = (handler: MeshHandler, path: string) =>
  handler(new Request(`http://peer${path}`), { address: '192.0.2.9' });

async function pair() {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  return { ada, ben, to: midOf(ada), handler: handlerOf(ada) };
}

/** What becomes of a request, which must not change the server's database. */
async function refusedBy(
  server: MeshDatabase,
  response: Promise<Response>,
  before = server.export(),
): Promise<string | null> {
  const refusal = await refusalOf(await response);
  expectSameBytes(server.export(), before, () => 'the database after a refusal');
  return refusal;
}

describe('hello', () => {
  test('tells the version and who answers, and nothing about the group', async () => {
    const { ada, handler } = await pair();
    const response = await get(handler, '/mesh/v1/hello');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(decodeHello(bytes)).toEqual({ protocol: 'arborist-mesh/1', mid: midOf(ada), endpoint: null });
    expect(bytes.length).toBeLessThan(64);
  });

  test('is found under a path in front of it, and nothing else is', async () => {
    const { handler } = await pair();
    expect((await get(handler, '/gardens/oak/mesh/v1/hello')).status).toBe(200);
    for (const path of ['/', '/mesh/v1/', '/mesh/v2/hello', '/mesh/v1/roster', '/mesh/v1/hello/']) {
      expect(await refusalOf(await get(handler, path))).toBe('no-such-path');
    }
    expect(await refusalOf(await get(handler, '/mesh/v1/sync'))).toBe('wrong-method');
  });

  test('says nothing while the mesh is disabled, or after this peer was kicked', async () => {
    const { ada, ben, handler } = await pair();
    setEnabled(ada, false);
    expect(await refusalOf(await get(handler, '/mesh/v1/hello'))).toBe('unavailable');
    setEnabled(ada, true);
    const bens = handlerOf(ben);
    applyEvents(ben, [kickMember(ada, 'ben').bundle]);
    expect(await refusalOf(await get(bens, '/mesh/v1/hello'))).toBe('unavailable');
  });
});

describe('A signed request', () => {
  test('of a member is answered, signed by the server, to this request', async () => {
    const { ben, to, handler } = await pair();
    const response = await post(handler, body(signedBy(ben, { to }).bytes));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/cbor');
  });

  test('is refused if it is not the very bytes that a member signed for this server, path and minute', async () => {
    const { ada, ben, to, handler } = await pair();
    const now = ada.now();
    const good = signedBy(ben, { to });
    const tampered = good.bytes.slice();
    tampered[tampered.length - 1] = (tampered.at(-1) as number) ^ 1;
    const type = signFrame('gossip', midOf(ben), loadSigningKey(ben), good.payload).bytes;
    const long = encodeCbor([meshStatus(ada).group?.groupId as Uint8Array, to, 'sync', zeros(16), now, now + 61, []]);
    const cases: [string, Uint8Array, string?][] = [
      ['bad-request', zeros(0)],
      ['bad-request', encodeCbor(['not', 'a', 'frame'])],
      ['bad-request', concatBytes(good.bytes, zeros(1))],
      ['bad-request', type],
      ['bad-signature', tampered],
      ['unknown-caller', signedBy(ben, { to }, zeros(32)).bytes],
      ['other-group', signedBy(ben, { to, groupId: zeros(32) }).bytes],
      ['misdirected', signedBy(ben, { to: midOf(ben) }).bytes],
      ['misdirected', signedBy(ben, { to, path: 'push' }).bytes],
      ['misdirected', signedBy(ben, { to, path: 'push' }).bytes, 'push'],
      ['not-fresh', signedBy(ben, { to, now: now + 31 }).bytes],
      ['not-fresh', signedBy(ben, { to, now: now - 91 }).bytes],
      ['not-fresh', signFrame('request', midOf(ben), loadSigningKey(ben), long).bytes],
      ['bad-request', signedBy(ben, { to, args: 'what?' }).bytes],
      ['bad-request', signedBy(ben, { to, args: ['events', [], [1]] }).bytes],
      ['bad-request', signedBy(ben, { to, args: ['constructor'] }).bytes],
    ];
    for (const [code, bytes, path = 'sync'] of cases) {
      expect(await refusedBy(ada, post(handler, body(bytes), { path }))).toBe(code);
    }
    expect(await refusedBy(ada, post(handler, body(good.bytes)))).toBeNull();
  });

  test('counts once', async () => {
    const { ada, ben, to, handler } = await pair();
    const { bytes } = signedBy(ben, { to });
    expect(await refusalOf(await post(handler, body(bytes)))).toBeNull();
    expect(await refusedBy(ada, post(handler, body(bytes)))).toBe('repeated');
  });

  test('of a kicked member is refused', async () => {
    const { ada, ben, to, handler } = await pair();
    kickMember(ada, 'ben');
    expect(await refusedBy(ada, post(handler, body(signedBy(ben, { to }).bytes)))).toBe('unknown-caller');
  });

  test('is counted and logged without what it carries', async () => {
    const { ada, ben, to } = await pair();
    const entries: WireLogEntry[] = [];
    const handler = handlerOf(ada, { log: (entry) => entries.push(entry) });
    await post(handler, body(signedBy(ben, { to }).bytes));
    await post(handler, body(zeros(5)));
    expect(entries).toMatchObject([
      { path: 'sync', status: 200, refusal: null, member: 'ben', address: '192.0.2.1' },
      { path: 'sync', status: 400, refusal: 'bad-request', member: null, bytesIn: 5 },
    ]);
    expect(wireStats(ada)).toMatchObject({ served: { sync: 1 }, refused: { 'bad-request': 1 } });
  });
});

describe('A body', () => {
  test('of a stranger is read no further than 16 KiB, whatever length it tells', async () => {
    const { handler } = await pair();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 4_096;
        controller.enqueue(zeros(4_096));
      },
    });
    expect(await refusalOf(await post(handler, endless))).toBe('too-large');
    expect(sent).toBeLessThanOrEqual(16_384 + 3 * 4_096);
  });

  test('of a member is read no further than its limit', async () => {
    const { ben, to, handler } = await pair();
    const start = signedBy(ben, { to }).bytes;
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(start),
      pull(controller) {
        sent += 65_536;
        controller.enqueue(zeros(65_536));
      },
    });
    expect(await refusalOf(await post(handler, endless))).toBe('too-large');
    expect(sent).toBeGreaterThan(900_000);
    expect(sent).toBeLessThanOrEqual(1_048_576 + 3 * 65_536);
  });

  test('that tells too large a length is not read', async () => {
    const { handler } = await pair();
    const response = await post(handler, body(zeros(10)), { headers: { 'content-length': '1048577' } });
    expect(await refusalOf(response)).toBe('too-large');
  });

  test('that does not come in time is given up', async () => {
    const { ada } = await pair();
    const handler = handlerOf(ada, { bodyTimeoutMs: 30 });
    const never = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    expect(await refusalOf(await post(handler, never))).toBe('too-slow');
  });

  test('that breaks off is a bad request', async () => {
    const { handler } = await pair();
    const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('gone')) });
    expect(await refusalOf(await post(handler, broken))).toBe('bad-request');
  });
});

/** The first bytes of a request of a member's, and many more, and no end. */
function unfinished(start: Uint8Array, length: number): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(start);
      controller.enqueue(zeros(length));
    },
  });
}

describe('Bodies that never end, of one address', () => {
  test('hold no more than its share, and all others are served', async () => {
    const { ada, ben, to } = await pair();
    const handler = handlerOf(ada, { bodyTimeoutMs: 250 });
    const start = signedBy(ben, { to }).bytes;
    const flood = Array.from({ length: 70 }, () =>
      post(handler, unfinished(start, 1_000_000), { address: '203.0.113.7' }).then(refusalOf),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(await refusalOf(await post(handler, body(signedBy(ben, { to }).bytes)))).toBeNull();
    const ended = await Promise.all(flood);
    expect(ended.filter((refusal) => refusal === 'too-slow')).toHaveLength(8);
    expect(ended.filter((refusal) => refusal === 'busy')).toHaveLength(62);
    const again = post(handler, unfinished(start, 1_000_000), { address: '203.0.113.7' });
    expect(await refusalOf(await again)).toBe('too-slow');
  });

  test('use up what strangers may ask from there, whether too slow, too large or broken off', async () => {
    const { ada, ben, to } = await pair();
    const start = signedBy(ben, { to }).bytes;
    const broken = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('gone')) });
    const bodies = {
      'too-slow': () => unfinished(start, 100),
      'too-large': () => unfinished(start, 1_100_000),
      'bad-request': broken,
    };
    for (const [refusal, make] of Object.entries(bodies)) {
      const handler = createMeshHandler(ada, { clock: new TestClock().read, bodyTimeoutMs: 20 });
      for (let i = 0; i < 5; i++) {
        expect(await refusalOf(await post(handler, make(), { address: '192.0.2.9' }))).toBe(refusal);
      }
      expect(await refusalOf(await post(handler, make(), { address: '192.0.2.9' }))).toBe('rate-limited');
      expect(await refusalOf(await get(handler, '/mesh/v1/hello'))).toBe('rate-limited');
    }
  });
});

describe('A flood from unknown callers, of orphans or of replayed requests', () => {
  test('stays within the limits, and members are still served', async () => {
    const { ada, ben, to } = await pair();
    const clock = new TestClock();
    const handler = createMeshHandler(ada, { clock: clock.read });
    const replayed = body(signedBy(ben, { to }).bytes);
    await post(handler, replayed);
    const outcomes = new Map<string | null, number>();
    for (let i = 0; i < 300; i++) {
      for (const bytes of [signedBy(ben, { to }, zeros(32)).bytes, zeros(40), replayed]) {
        const refusal = await refusalOf(await post(handler, body(bytes)));
        outcomes.set(refusal, (outcomes.get(refusal) ?? 0) + 1);
      }
    }
    expect(outcomes.get('repeated')).toBe(300);
    expect(outcomes.get('rate-limited')).toBe(595);
    expect(await refusalOf(await post(handler, body(signedBy(ben, { to }).bytes)))).toBeNull();
    expect(await refusalOf(await get(handler, '/mesh/v1/hello'))).toBeNull();
  });

  test('of one member is cut to 20 requests a second, and no other member pays for it', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const to = midOf(ada);
    const clock = new TestClock();
    const handler = createMeshHandler(ada, { clock: clock.read });
    const ask = async (db: MeshDatabase) => refusalOf(await post(handler, body(signedBy(db, { to }).bytes)));
    const served = async (count: number) => {
      const outcomes: (string | null)[] = [];
      for (let i = 0; i < count; i++) outcomes.push(await ask(ben));
      return outcomes.filter((refusal) => refusal === null).length;
    };
    expect(await served(60)).toBe(40);
    clock.milliseconds += 1_000;
    expect(await served(60)).toBe(20);
    expect(await ask(cleo)).toBeNull();
  });

  test('of bad signatures in a member’s name is cut before they are looked at', async () => {
    const { ada, ben, to } = await pair();
    const handler = createMeshHandler(ada, { clock: new TestClock().read });
    const forged = signFrame('request', midOf(ben), loadSigningKey(ada), signedBy(ben, { to }).payload).bytes;
    for (let i = 0; i < 120; i++) await post(handler, body(forged), { address: '203.0.113.7' });
    expect(wireStats(ada).refused['bad-signature']).toBeLessThanOrEqual(5);
    expect(await refusalOf(await post(handler, body(signedBy(ben, { to }).bytes)))).toBeNull();
  });

  test('from one IPv6 network is one caller’s, whatever address in it each comes from', async () => {
    const { ada } = await pair();
    const handler = createMeshHandler(ada, { clock: new TestClock().read });
    const from = (address: string) => handler(new Request('http://peer/mesh/v1/hello'), { address }).then(refusalOf);
    const outcomes = [];
    for (let i = 0; i < 7; i++) outcomes.push(await from(`2001:db8:0:7::${i}`));
    expect(outcomes.filter((refusal) => refusal === null)).toHaveLength(5);
    expect(await from('2001:db8:0:8::1')).toBeNull();
  });

  test('of join requests by made-up keys leaves members’ requests their room', async () => {
    const { ada, ben, to } = await pair();
    const handler = handlerOf(ada);
    const groupId = meshStatus(ada).group?.groupId as Uint8Array;
    const note = vi.spyOn(NoncePool.prototype, 'note');
    const key = generateSigningKeypair();
    const join = { groupId, to, path: 'join', args: [zeros(9), 0], now: ada.now() } as const;
    const request = signRequest({ signer: key.publicKey, signPriv: key.privateKey }, join);
    await post(handler, body(request.bytes), { path: 'join' });
    expect(await refusalOf(await post(handler, body(signedBy(ben, { to }).bytes)))).toBeNull();
    const [ofJoiners, ofMembers] = note.mock.contexts;
    note.mockRestore();
    expect(ofJoiners).toBeInstanceOf(NoncePool);
    expect(ofMembers).toBeInstanceOf(NoncePool);
    expect(ofJoiners).not.toBe(ofMembers);
  });

  test('leaves no more orphans than their bounds', async () => {
    const { ada, ben, to, handler } = await pair();
    const strangers = await openGroup(['eve']);
    sealGossip(strangers.eve, zeros(1));
    const junk = Array.from({ length: 200 }, (_, i) => encodeCbor([zeros(i), null]));
    const { bytes } = signedBy(ben, { to, path: 'push', args: ['deliver', junk, [zeros(9)], [zeros(9)], [zeros(9)]] });
    expect(await refusalOf(await post(handler, body(bytes), { path: 'push' }))).toBeNull();
    expect(meshStatus(ada).group).toMatchObject({ orphans: 0, events: 2, messages: 0 });
    expect(wireStats(ada).itemsRefused).toBe(203);
  });
});

describe('A web page', () => {
  test('may call from the origins that are named, and from no other', async () => {
    const { ada } = await pair();
    const handler = handlerOf(ada, { origins: ['https://oak.example'] });
    const ask = (origin: string, method = 'GET') =>
      handler(new Request('http://peer/mesh/v1/hello', { method, headers: { origin } }));
    expect((await ask('https://oak.example')).headers.get('access-control-allow-origin')).toBe('https://oak.example');
    expect((await ask('https://oak.example', 'OPTIONS')).status).toBe(204);
    expect((await ask('https://elm.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('https://elm.example', 'OPTIONS')).status).toBe(405);
  });
});
