/** Every single flipped byte and every truncation of everything that a peer takes in. */
import { describe, expect, test } from 'vitest';
import { base64urlDecode } from '../../src/codec/base64url.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  applyFault,
  createInvite,
  kickMember,
  type MeshDatabase,
  MeshError,
  meshStatus,
  openGossip,
  requestJoin,
  rotateEpoch,
  sealGossip,
} from '../../src/index.js';
import { decodeBundle, encodeBundle } from '../../src/mesh/bundle.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { forge } from './support/forge.js';
import { openFounder, openGroup, openPeer } from './support/peers.js';

/** All versions of the bytes with one bit changed, in every byte another one. */
function* flips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ (1 << (at % 8));
    yield changed;
  }
}

/** Beginnings of the bytes, and the bytes with something after them. */
function* wrongLengths(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 100))) {
    yield bytes.slice(0, length);
  }
  yield Uint8Array.of(...bytes, 0);
}

const NO_BYTES = [
  undefined,
  null,
  7,
  'text',
  [1, 2],
  new ArrayBuffer(8),
  new Uint16Array(4),
] as unknown as Uint8Array[];

/** Every bad version must give a typed error of one line, and together they must not change a byte of the database. */
function expectAllRefused(db: MeshDatabase, good: Uint8Array, take: (bad: Uint8Array) => unknown): void {
  const before = db.export();
  for (const bad of [...flips(good), ...wrongLengths(good), ...NO_BYTES]) {
    let thrown: unknown = null;
    try {
      take(bad);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof MeshError)) expect(thrown, `for ${bad}`).toBeInstanceOf(MeshError);
    expect((thrown as MeshError).message).toMatch(/^[^\n]{10,300}$/);
  }
  expectSameBytes(db.export(), before, () => 'the database after bad input');
}

describe('Any changed byte, wrong length or wrong type', () => {
  test('of an invite is refused', async () => {
    const { invite } = createInvite(await openFounder(), {
      urls: ['https://a.example'],
      certPins: [new Uint8Array(32)],
    });
    const joiner = await openPeer();
    expectAllRefused(joiner, base64urlDecode(invite), (bad) => requestJoin(joiner, bad));
    expect(requestJoin(joiner, invite).memberId).toMatch(/^peer-/);
  });

  test('of a join request is refused', async () => {
    const founder = await openFounder();
    const { request } = requestJoin(await openPeer(), createInvite(founder).invite);
    expectAllRefused(founder, request, (bad) => addMember(founder, bad));
    expect(addMember(founder, request).epoch).toBe(1);
  });

  test('of a welcome is refused', async () => {
    const founder = await openFounder();
    const joiner = await openPeer();
    const { request } = requestJoin(joiner, createInvite(founder).invite);
    const { welcome } = addMember(founder, request);
    expectAllRefused(joiner, welcome, (bad) => acceptWelcome(joiner, bad));
    expect(acceptWelcome(joiner, welcome).epoch).toBe(1);
  });

  test('of a message is refused', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const message = sealGossip(ada, new TextEncoder().encode('a short text'));
    expectAllRefused(ben, message, (bad) => openGossip(ben, bad));
    expect(openGossip(ben, message).duplicate).toBe(false);
  });

  test('of a fault is refused', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const { bundle } = forge(ben, { change: { kind: 'rotate' }, sealed: new Uint8Array(32) });
    applyEvents(ada, [bundle]);
    applyEvents(ben, [bundle]);
    const fault = meshStatus(ada).group?.faults[0]?.frame as Uint8Array;
    expectAllRefused(ben, fault, (bad) => applyFault(ben, bad));
    applyFault(ben, fault);
    expect(
      meshStatus(ben)
        .group?.faults.map(({ memberId }) => memberId)
        .sort(),
    ).toEqual(['ada', 'ben']);
  });
});

describe('Any changed byte or wrong length of an event', () => {
  /**
   * Refused by a rule, or waiting where the signer is the part that changed: such an event may yet be another group
   * member's.
   */
  function expectNoEffect(db: MeshDatabase, bundle: Uint8Array): void {
    const { frame, envelope } = decodeBundle(bundle);
    const signerAt = 1 + 1 + 1 + 'event'.length + 2;
    const before = meshStatus(db).group;
    const events = db.sql.all('SELECT * FROM mesh_event');
    let position = -1;
    for (const changed of flips(frame)) {
      position += 1;
      const [result] = applyEvents(db, [encodeBundle({ frame: changed, envelope })]).results;
      const inSigner = position >= signerAt && position < signerAt + 32;
      expect(result?.outcome, `byte ${position}`).toBe(inSigner ? 'orphaned' : 'refused');
      if (!inSigner) expect(result).toMatchObject({ rule: expect.any(String), reason: expect.any(String) });
    }
    for (const bad of wrongLengths(frame)) {
      expect(applyEvents(db, [encodeBundle({ frame: bad, envelope })]).results[0]?.outcome).toBe('refused');
    }
    for (const bad of wrongLengths(bundle)) expect(applyEvents(db, [bad]).results[0]?.outcome).toBe('refused');
    expect(meshStatus(db).group).toEqual({ ...before, orphans: 32 });
    expect(db.sql.all('SELECT * FROM mesh_event')).toEqual(events);
  }

  test('an add', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { request } = requestJoin(await openPeer(), createInvite(ada).invite);
    expectNoEffect(ben, addMember(ada, request, { role: 'admin' }).bundle);
  });

  test('a kick', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    openGossip(ada, sealGossip(cleo, Uint8Array.of(1)));
    expectNoEffect(ben, kickMember(ada, 'cleo').bundle);
  });

  test('a rotate', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    expectNoEffect(ben, rotateEpoch(ada).bundle);
  });

  test('or of its envelope, which is refused and reported while the event stands', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { bundle } = rotateEpoch(ada);
    const { frame, envelope } = decodeBundle(bundle);
    for (const changed of flips(envelope as Uint8Array)) {
      const [result] = applyEvents(ben, [encodeBundle({ frame, envelope: changed })]).results;
      expect(result).toMatchObject({ envelope: 'refused', fault: 'envelope-hash' });
    }
    expect(meshStatus(ben).group).toMatchObject({ hasSecret: false, faults: [{ reason: 'envelope-hash' }] });
    applyEvents(ben, [bundle]);
    expect(meshStatus(ben).group).toMatchObject({ hasSecret: true, faults: [] });
  });
});
