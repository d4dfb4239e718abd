import { describe, expect, test } from 'vitest';
import { generateSigningKeypair } from '../../src/crypto/ed25519.js';
import { generateDhKeypair } from '../../src/crypto/x25519.js';
import {
  AuthenticationError,
  acceptWelcome,
  addMember,
  applyEvents,
  CodecError,
  createInvite,
  eventsSince,
  IdentityExistsError,
  InvalidInputError,
  kickMember,
  loadIdentity,
  type MeshDatabase,
  MeshError,
  meshStatus,
  NotAMemberError,
  NotAuthorizedError,
  openDatabase,
  openGossip,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { decodeBundle, decodeWelcome, encodeBundle, encodeWelcome } from '../../src/mesh/bundle.js';
import { requireGroup } from '../../src/mesh/group.js';
import { openInvite } from '../../src/mesh/invite.js';
import { signJoinRequest } from '../../src/mesh/join-request.js';
import { deliver, join, openFounder, openGroup, openPeer, START } from './support/peers.js';
import { refusal } from './support/unchanged.js';

const names = (db: MeshDatabase, epoch?: number) =>
  roster(db, epoch)
    .map(({ memberId }) => memberId)
    .sort();

/** A request of a fresh peer that answers an invite. */
async function requestFor(admin: MeshDatabase, memberId = 'ben') {
  const joiner = await openPeer();
  return { joiner, ...requestJoin(joiner, createInvite(admin).invite, { memberId }) };
}

describe('Joining', () => {
  test('by invite, request, add and welcome gives both sides the same group', async () => {
    const founder = await openFounder('ada');
    const { joiner, request, fingerprint } = await requestFor(founder);
    expect(loadIdentity(joiner)).toMatchObject({ memberId: 'ben', groupName: '' });
    expect(meshStatus(joiner)).toMatchObject({ state: 'pending', group: null });

    const added = addMember(founder, request, { role: 'admin' });
    expect(added).toMatchObject({ kind: 'add', epoch: 1, memberId: 'ben', fingerprint });
    expect(fingerprint).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);

    const accepted = acceptWelcome(joiner, added.welcome);
    expect(accepted).toMatchObject({ groupName: 'orchard', epoch: 1, mid: added.eventId });
    expect(accepted.groupId).toEqual(meshStatus(founder).group?.groupId);
    expect(roster(joiner)).toEqual(roster(founder));
    expect(loadIdentity(joiner)?.groupName).toBe('orchard');
    expect(meshStatus(joiner).group).toMatchObject({ role: 'admin', members: 2, hasSecret: true, mid: added.eventId });
  });

  test('works with the invite as bytes and with white space around its text', async () => {
    const founder = await openFounder();
    const { invite } = createInvite(founder);
    const bytes = Uint8Array.from(atob(invite.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    for (const form of [` ${invite}\n`, bytes])
      expect(requestJoin(await openPeer(), form).request.length).toBeGreaterThan(200);
  });

  test('a joiner reads its own epoch and later ones; of earlier ones it holds no secret', async () => {
    const founder = await openFounder();
    const early = sealGossip(founder, Uint8Array.of(1));
    const joiner = await openPeer();
    join(founder, joiner, 'ben');
    expect(openGossip(joiner, sealGossip(founder, Uint8Array.of(2))).payload).toEqual(Uint8Array.of(2));
    expect(refusal(joiner, () => openGossip(joiner, early)).code).toBe('no-epoch-secret');
  });

  test('an invite works once, and its secret is gone after that', async () => {
    const founder = await openFounder();
    const { invite } = createInvite(founder);
    const requests = await Promise.all(
      ['ben', 'cleo'].map(async (memberId) => requestJoin(await openPeer(), invite, { memberId })),
    );
    addMember(founder, (requests[0] as (typeof requests)[0]).request);
    expect(founder.sql.all('SELECT secret FROM mesh_invite')).toEqual([{ secret: null }]);
    for (const { request } of requests)
      expect(refusal(founder, () => addMember(founder, request)).code).toBe('invite-used');
  });

  test('a request that does not prove knowledge of the invite and possession of the DH key is refused', async () => {
    const founder = await openFounder();
    const { groupId, inviteId, secret, dhPub } = openInvite(createInvite(founder).invite);
    const signing = generateSigningKeypair();
    const dh = generateDhKeypair();
    const keys = {
      signPriv: signing.privateKey,
      signPub: signing.publicKey,
      dhPriv: dh.privateKey,
      inviteSecret: secret,
      inviterDhPub: dhPub,
    };
    const request = (changes: Partial<typeof keys>) => {
      const statement = {
        groupId,
        inviteId,
        nonce: new Uint8Array(16),
        memberId: 'ben',
        dhPub: dh.publicKey,
        createdAt: START,
      };
      return signJoinRequest({ ...keys, ...changes }, statement).bytes;
    };
    for (const [changes, what] of [
      [{ inviteSecret: new Uint8Array(32) }, 'knowledge of the invite'],
      [{ dhPriv: generateDhKeypair().privateKey }, 'possession of its DH key'],
    ] as const) {
      const error = refusal(founder, () => addMember(founder, request(changes)));
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toContain(what);
    }
    expect(addMember(founder, request({})).epoch).toBe(1);
  });

  test('an invite expires for the joiner and for the admin', async () => {
    const clock = { seconds: START };
    const founder = await openFounder('ada', clock);
    const { invite, expires } = createInvite(founder, { expiresIn: 60 });
    expect(expires).toBe(START + 60);
    const { request } = requestJoin(await openPeer({ seconds: START + 60 }), invite);
    const late = await openPeer({ seconds: START + 61 });
    expect(refusal(late, () => requestJoin(late, invite)).code).toBe('invite-expired');
    clock.seconds = START + 61;
    expect(refusal(founder, () => addMember(founder, request)).code).toBe('invite-expired');
    clock.seconds = START + 60;
    expect(addMember(founder, request).epoch).toBe(1);
  });

  test.each([0, -1, 1.5, Number.NaN, 40_000_000])('an invite cannot last %d seconds', async (expiresIn) => {
    const founder = await openFounder();
    expect(refusal(founder, () => createInvite(founder, { expiresIn }))).toBeInstanceOf(InvalidInputError);
  });

  test.each([
    ['urls', ['']],
    ['urls', ['with space']],
    ['urls', ['x'.repeat(1_025)]],
    ['urls', Array(9).fill('https://a.example')],
    ['urls', 'https://a.example'],
    ['certPins', [new Uint8Array(31)]],
    ['certPins', Array(9).fill(new Uint8Array(32))],
  ])('an invite cannot carry %s as %j', async (name, value) => {
    const founder = await openFounder();
    const error = refusal(founder, () => createInvite(founder, { [name]: value }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toMatch(new RegExp(`^${name} must be `));
  });

  test('an invite of the greatest size can be read', async () => {
    const founder = await openFounder();
    const urls = Array.from({ length: 8 }, (_, i) => `https://${'x'.repeat(1_010)}${i}`);
    const certPins = urls.map((_, i) => new Uint8Array(32).fill(i));
    const { invite } = createInvite(founder, { urls, certPins });
    expect(openInvite(invite)).toMatchObject({ urls, certPins });
    expect(requestJoin(await openPeer(), invite).memberId).toMatch(/^peer-/);
  });

  test('only the admin who invited can add, since only it can check the proofs', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const { request } = await requestFor(ada, 'cleo');
    expect(refusal(ben, () => addMember(ben, request)).code).toBe('unknown-invite');
    expect(addMember(ada, request).epoch).toBe(2);
  });

  test('a plain member can neither invite nor add', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { request } = await requestFor(ada, 'cleo');
    expect(refusal(ben, () => createInvite(ben))).toBeInstanceOf(NotAuthorizedError);
    expect(refusal(ben, () => addMember(ben, request))).toBeInstanceOf(NotAuthorizedError);
  });

  test('a request for another group is refused', async () => {
    const founder = await openFounder();
    const { request } = await requestFor(await openFounder());
    expect(refusal(founder, () => addMember(founder, request)).code).toBe('wrong-group');
  });

  test('a name that is taken is refused, and the invite can still be used', async () => {
    const founder = await openFounder('ada');
    const { invite } = createInvite(founder);
    const joiner = await openPeer();
    const clash = requestJoin(joiner, invite, { memberId: 'ada' });
    const error = refusal(founder, () => addMember(founder, clash.request));
    expect(error).toMatchObject({ code: 'already-member' });
    expect(error.message).toContain('"ada"');
    const other = requestJoin(joiner, invite, { memberId: 'ada-2' });
    acceptWelcome(joiner, addMember(founder, other.request).welcome);
    expect(names(joiner)).toEqual(['ada', 'ada-2']);
  });

  test('asking again keeps the keys, and any of the requests can be answered', async () => {
    const founder = await openFounder('ada');
    const joiner = await openPeer();
    const first = requestJoin(joiner, createInvite(founder).invite, { memberId: 'ben' });
    const keys = loadIdentity(joiner);
    const second = requestJoin(joiner, createInvite(founder).invite, { memberId: 'benedict' });
    expect(loadIdentity(joiner)).toEqual({ ...keys, memberId: 'benedict' });
    expect(second.fingerprint).not.toBe(first.fingerprint);
    acceptWelcome(joiner, addMember(founder, first.request).welcome);
    expect(loadIdentity(joiner)?.memberId).toBe('ben');
    expect(refusal(founder, () => addMember(founder, second.request)).code).toBe('already-member');
  });

  test('a member cannot ask to join once more', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { invite } = createInvite(ada);
    for (const db of [ada, ben]) expect(refusal(db, () => requestJoin(db, invite))).toBeInstanceOf(IdentityExistsError);
  });

  test('a role other than admin and member is refused', async () => {
    const founder = await openFounder();
    const { request } = await requestFor(founder);
    const role = 'owner' as 'admin';
    expect(refusal(founder, () => addMember(founder, request, { role }))).toBeInstanceOf(InvalidInputError);
  });
});

describe('Coming back after a kick', () => {
  test('makes a new instance of the member, with the same database and keys', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const [before] = roster(ada).filter(({ memberId }) => memberId === 'ben');
    const old = sealGossip(ben, Uint8Array.of(1));
    openGossip(ada, old);
    deliver(kickMember(ada, 'ben').bundle, [ben, cleo]);
    expect(meshStatus(ben).state).toBe('kicked');
    expect(refusal(ben, () => sealGossip(ben, Uint8Array.of(2)))).toBeInstanceOf(NotAMemberError);

    const added = join(ada, ben, 'ben', { others: [cleo] });
    const [after] = roster(cleo).filter(({ memberId }) => memberId === 'ben');
    expect(after).toMatchObject({ signPub: before?.signPub, mid: added.eventId, sinceEpoch: 4 });
    expect(after?.mid).not.toEqual(before?.mid);
    const fresh = sealGossip(ben, Uint8Array.of(3));
    expect(openGossip(cleo, fresh)).toMatchObject({ sender: 'ben', mid: added.eventId, epoch: 4, seq: 0 });
    expect(openGossip(cleo, old)).toMatchObject({ mid: before?.mid, epoch: 2 });
    expect([1, 2, 3, 4].map((epoch) => names(cleo, epoch))).toEqual([
      ['ada', 'ben'],
      ['ada', 'ben', 'cleo'],
      ['ada', 'cleo'],
      ['ada', 'ben', 'cleo'],
    ]);
  });

  test('is for the same group only', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    deliver(kickMember(ada, 'ben').bundle, [ben]);
    const { invite } = createInvite(await openFounder());
    expect(refusal(ben, () => requestJoin(ben, invite))).toBeInstanceOf(IdentityExistsError);
  });

  test('works with a fresh database under the old name', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    kickMember(ada, 'ben');
    const fresh = await openPeer();
    join(ada, fresh, 'ben');
    expect(names(fresh)).toEqual(['ada', 'ben']);
    expect(loadIdentity(fresh)?.signPub).not.toEqual(loadIdentity(ben)?.signPub);
  });
});

describe('A welcome', () => {
  async function welcomed() {
    const founder = await openFounder('ada');
    rotateEpoch(founder);
    const { joiner, request } = await requestFor(founder);
    return { founder, joiner, welcome: addMember(founder, request).welcome };
  }

  /** The welcome with its list of bundles changed. */
  function withBundles(welcome: Uint8Array, change: (bundles: Uint8Array[]) => Uint8Array[]): Uint8Array {
    const { groupId, bundles } = decodeWelcome(welcome);
    return encodeWelcome({ groupId, bundles: change([...bundles]) });
  }

  const withoutEnvelope = (bundle: Uint8Array) => encodeBundle({ ...decodeBundle(bundle), envelope: null });

  test("a truncated or stale history from a bootstrap peer is noticed: it lacks the invite's head", async () => {
    const founder = await openFounder('ada');
    const stale = founder.export();
    deliver(rotateEpoch(founder).bundle, []);
    const { joiner, request } = await requestFor(founder);
    // The inviter's own database, restored from before the invite's head, adds on a history that lacks it.
    const restored = await openDatabase({ bytes: stale, now: () => START });
    const { head } = requireGroup(restored);
    for (const row of founder.sql.all('SELECT invite_id, secret, expires FROM mesh_invite')) {
      restored.sql.run('INSERT INTO mesh_invite (invite_id, secret, expires, head) VALUES (?, ?, ?, ?)', [
        ...Object.values(row),
        head.id,
      ]);
    }
    const error = refusal(joiner, () => acceptWelcome(joiner, addMember(restored, request).welcome));
    expect(error.code).toBe('stale-history');
    acceptWelcome(joiner, addMember(founder, request).welcome);
    expect(names(joiner)).toEqual(['ada', 'ben']);
  });

  test("brings the branch of the invite's head along where that has lost since", async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    rotateEpoch(ben);
    rotateEpoch(ben);
    const joiner = await openPeer();
    const { request } = requestJoin(joiner, createInvite(ben).invite, { memberId: 'cleo' });
    deliver(rotateEpoch(ada).bundle, [ben]);
    acceptWelcome(joiner, addMember(ben, request).welcome);
    expect(names(joiner)).toEqual(['ada', 'ben', 'cleo']);
    expect(meshStatus(joiner).group).toMatchObject({ epoch: 3, events: 6, hasSecret: true });
    expect(verifyHistory(joiner).problems).toEqual([]);
  });

  test('with a gap in its chain is refused', async () => {
    const { joiner, welcome } = await welcomed();
    const gap = withBundles(welcome, ([genesis, , add]) => [genesis, add] as Uint8Array[]);
    expect(refusal(joiner, () => acceptWelcome(joiner, gap)).code).toBe('stale-history');
  });

  test('without the add at its end is refused', async () => {
    const { joiner, welcome } = await welcomed();
    const cut = withBundles(welcome, (bundles) => bundles.slice(0, -1));
    expect(refusal(joiner, () => acceptWelcome(joiner, cut)).code).toBe('not-for-us');
    const genesisOnly = withBundles(welcome, (bundles) => bundles.slice(0, 1));
    expect(refusal(joiner, () => acceptWelcome(joiner, genesisOnly))).toBeInstanceOf(CodecError);
  });

  test('with its events in the wrong order is refused', async () => {
    const { joiner, welcome } = await welcomed();
    const turned = withBundles(welcome, (bundles) => bundles.reverse());
    expect(refusal(joiner, () => acceptWelcome(joiner, turned)).code).toBe('invalid-event');
  });

  test('without the envelope of its own add is refused', async () => {
    const { joiner, welcome } = await welcomed();
    const bare = withBundles(welcome, (bundles) => bundles.map(withoutEnvelope));
    expect(refusal(joiner, () => acceptWelcome(joiner, bare)).code).toBe('no-epoch-secret');
  });

  test('with another envelope is refused', async () => {
    const { joiner, welcome } = await welcomed();
    const swapped = withBundles(welcome, (bundles) => {
      const last = decodeBundle(bundles.at(-1) as Uint8Array);
      const envelope = (last.envelope as Uint8Array).slice();
      envelope[envelope.length - 1] = (envelope.at(-1) as number) ^ 1;
      return [...bundles.slice(0, -1), encodeBundle({ ...last, envelope })];
    });
    expect(refusal(joiner, () => acceptWelcome(joiner, swapped)).code).toBe('invalid-envelope');
  });

  test("for another joiner, or from another group than the invite's, is refused", async () => {
    const { founder, joiner } = await welcomed();
    const other = await requestFor(founder, 'cleo');
    const { welcome } = addMember(founder, other.request);
    expect(refusal(joiner, () => acceptWelcome(joiner, welcome)).code).toBe('not-for-us');
    const foreign = await welcomed();
    expect(refusal(joiner, () => acceptWelcome(joiner, foreign.welcome)).code).toBe('wrong-group');
  });

  test('without a request is refused, and so is a second one', async () => {
    const { joiner, welcome } = await welcomed();
    const stranger = await openPeer();
    expect(refusal(stranger, () => acceptWelcome(stranger, welcome)).code).toBe('no-request');
    acceptWelcome(joiner, welcome);
    expect(refusal(joiner, () => acceptWelcome(joiner, welcome)).code).toBe('no-request');
  });

  test('leaves out the envelopes of other epochs, and a later bundle brings them', async () => {
    const { founder, joiner, welcome } = await welcomed();
    acceptWelcome(joiner, welcome);
    setEnabled(joiner, true);
    const count = () => joiner.sql.get('SELECT count(*) AS count FROM mesh_envelope')?.count;
    expect(count()).toBe(1);
    const { results } = applyEvents(joiner, eventsSince(founder));
    expect(results.map(({ outcome, envelope }) => [outcome, envelope])).toEqual([
      ['duplicate', 'stored'],
      ['duplicate', 'stored'],
      ['duplicate', undefined],
    ]);
    expect(count()).toBe(3);
  });
});

describe('An invite that was changed', () => {
  test('is refused as such', async () => {
    const joiner = await openPeer();
    const { invite } = createInvite(await openFounder());
    const flipped = invite.slice(0, 300) + (invite[300] === 'A' ? 'B' : 'A') + invite.slice(301);
    expect(refusal(joiner, () => requestJoin(joiner, flipped))).toBeInstanceOf(AuthenticationError);
    expect(refusal(joiner, () => requestJoin(joiner, invite.slice(0, -8)))).toBeInstanceOf(CodecError);
    expect(refusal(joiner, () => requestJoin(joiner, `${invite}!`))).toBeInstanceOf(CodecError);
    expect(refusal(joiner, () => requestJoin(joiner, 7 as unknown as string))).toBeInstanceOf(InvalidInputError);
    expect(refusal(joiner, () => requestJoin(joiner, ''))).toBeInstanceOf(MeshError);
  });
});
