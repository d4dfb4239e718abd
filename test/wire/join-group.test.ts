/** Joining with nothing but the invite's text, against handlers in this process. */
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import {
  addMember,
  createInvite,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  rotateEpoch,
  setEnabled,
} from '../../src/index.js';
import { startJoin } from '../../src/mesh/outgoing-join.js';
import {
  addPeer,
  approveJoin,
  declineJoin,
  type JoinProgress,
  joinGroup,
  namedPeers,
  openInviteToAll,
  pendingJoins,
  syncWith,
  waitingJoin,
  wireStats,
} from '../../src/wire/index.js';
import { openFounder, openPeer, START } from '../mesh/support/peers.js';
import { handlerOf, network, zeros } from './support/handler-peers.js';

const ADA = 'https://ada.example';
const PIN = zeros(32);

async function world() {
  const ada = await openFounder();
  const ben = await openPeer();
  const transport = network({ [ADA]: handlerOf(ada) });
  const invite = createInvite(ada, { urls: [ADA], certPins: [PIN] });
  return { ada, ben, transport, ...invite, options: { transport, interval: 5 } };
}

/** Has a peer answer an invite as one that named other URLs. */
function invitedTo(ben: MeshDatabase, invite: string, urls: string[]): void {
  startJoin(ben, invite);
  ben.sql.run('UPDATE mesh_outgoing_join SET addresses = ?', [encodeCbor([urls, [PIN]])]);
}

/** Approves whatever waits, as soon as it waits. */
function approving(ada: MeshDatabase, seen: JoinProgress[] = []) {
  return (progress: JoinProgress) => {
    seen.push(progress);
    if (progress.state === 'waiting') approveJoin(ada, progress.fingerprint);
  };
}

describe('joinGroup', () => {
  test('waits until an admin who sees the same fingerprint has approved', async () => {
    const { ada, ben, invite, options } = await world();
    const seen: JoinProgress[] = [];
    const onProgress = (progress: JoinProgress) => {
      seen.push(progress);
      if (progress.state !== 'waiting' || seen.length < 3) return;
      const [pending, ...others] = pendingJoins(ada);
      expect(others).toEqual([]);
      expect(pending).toMatchObject({ memberId: 'ben', fingerprint: progress.fingerprint, receivedAt: START });
      approveJoin(ada, progress.fingerprint);
      expect(pendingJoins(ada)).toEqual([]);
    };
    const joined = await joinGroup(ben, invite, { ...options, memberId: 'ben', onProgress });
    expect(joined).toMatchObject({ groupName: 'orchard', epoch: 1 });
    expect(seen.map(({ state }) => state)).toEqual(['asking', 'waiting', 'waiting', 'receiving']);
    expect(meshStatus(ben)).toMatchObject({ state: 'member', memberId: 'ben' });
  });

  test('takes the place of the invite’s URL for a peer from then on', async () => {
    const { ada, ben, invite, options } = await world();
    await joinGroup(ben, invite, { ...options, onProgress: approving(ada) });
    expect(namedPeers(ben)).toEqual([{ url: ADA, certPin: PIN }]);
    setEnabled(ben, true);
    await expect(syncWith(ben, { url: ADA, certPin: PIN }, options)).resolves.toMatchObject({ memberId: 'ada' });
  });

  test('leaves out URLs of the invite that are none of a peer, and joins by the others', async () => {
    const { ada, ben, invite, options } = await world();
    const urls = ['ada.example', 'http://ada.example', ADA, 'ftp://ada.example'];
    invitedTo(ben, invite, urls);
    await expect(joinGroup(ben, null, { ...options, onProgress: approving(ada) })).resolves.toMatchObject({ epoch: 1 });
    expect(namedPeers(ben).map(({ url }) => url)).toEqual(['http://ada.example', ADA]);
  });

  test('joins also where no more peers can be named', async () => {
    const { ada, ben, invite, options } = await world();
    ben.transaction(() => {
      for (let i = 0; i < 1_000; i++) addPeer(ben, { url: `https://peer-${i}.example` });
    });
    await joinGroup(ben, invite, { ...options, onProgress: approving(ada) });
    expect(meshStatus(ben).state).toBe('member');
    expect(namedPeers(ben)).toHaveLength(1_000);
  });

  test('goes nowhere where none of the URLs is one that it may go to', async () => {
    const { ben, invite, options } = await world();
    invitedTo(ben, invite, ['ada.example', 'http://ada.example']);
    await expect(joinGroup(ben, null, options)).rejects.toMatchObject({ code: 'plain-http' });
  });

  test('is immediate where the invite is an open one', async () => {
    const { ada, ben, invite, inviteId, options } = await world();
    openInviteToAll(ada, inviteId, 'admin');
    await joinGroup(ben, invite, options);
    expect(meshStatus(ben).group?.role).toBe('admin');
  });

  // The history takes ten seconds to make.
  test.runIf(process.env.MODE === 'long')('receives a welcome of several pages', async () => {
    const { ada, ben, invite, inviteId, options } = await world();
    for (let i = 0; i < 2_600; i++) ada.transaction(() => rotateEpoch(ada));
    openInviteToAll(ada, inviteId);
    const { epoch } = await joinGroup(ben, invite, options);
    expect(epoch).toBe(2_601);
    expect(wireStats(ada).served.join).toBeGreaterThan(1);
  });

  test('goes on after it was broken off, also when the admin has approved meanwhile', async () => {
    const { ada, ben, invite, options } = await world();
    const controller = new AbortController();
    const stopping = (progress: JoinProgress) => {
      if (progress.state === 'waiting') controller.abort();
    };
    const first = joinGroup(ben, invite, { ...options, onProgress: stopping, signal: controller.signal });
    await expect(first).rejects.toThrow('aborted');
    const restarted = await openDatabase({ bytes: ben.export(), now: () => START });
    approveJoin(ada, waitingJoin(restarted)?.fingerprint ?? '');
    await expect(joinGroup(restarted, null, options)).resolves.toMatchObject({ epoch: 1 });
    expect(waitingJoin(restarted)).toBeNull();
  });

  test('goes on while nobody answers, and tells so', async () => {
    const { ada, ben, invite, options } = await world();
    let attempts = 0;
    const flaky = (target: Parameters<typeof options.transport>[0]) => {
      const inner = options.transport(target);
      if (++attempts > 2) return inner;
      return { ...inner, send: () => inner.send({ method: 'GET', path: '/', body: null, maxBytes: 1 } as never) };
    };
    const seen: JoinProgress[] = [];
    await joinGroup(ben, invite, { ...options, transport: flaky, onProgress: approving(ada, seen) });
    expect(seen.filter(({ problem }) => problem !== null)).toHaveLength(2);
  });

  test('is refused without an invite of this peer, with one that was used, and by whoever is no admin', async () => {
    const { ada, ben, invite, options } = await world();
    const cleo = await openPeer();
    await joinGroup(ben, invite, { ...options, onProgress: approving(ada) });
    await expect(joinGroup(cleo, invite, options)).rejects.toMatchObject({ refusal: 'invite-refused' });
    await expect(joinGroup(await openPeer(), null, options)).rejects.toMatchObject({ code: 'no-request' });
    const bare = createInvite(ada).invite;
    await expect(joinGroup(await openPeer(), bare, options)).rejects.toMatchObject({ code: 'no-address' });
  });

  test('notices a truncated or stale history: it lacks the invite’s head', async () => {
    const { ada, ben, options } = await world();
    const before = ada.export();
    rotateEpoch(ada);
    const { invite, inviteId } = createInvite(ada, { urls: [ADA], certPins: [PIN] });
    // A bootstrap peer that went back to a backup, with the invite's secret, and adds on the old history.
    const stale = await openDatabase({ bytes: before, now: () => START });
    const row = ada.sql.get('SELECT * FROM mesh_invite WHERE invite_id = ?', [inviteId]);
    stale.sql.run('INSERT INTO mesh_invite (invite_id, secret, head, expires) VALUES (?, ?, ?, ?)', [
      inviteId,
      row?.secret ?? null,
      meshStatus(stale).group?.head as Uint8Array,
      row?.expires ?? 0,
    ]);
    openInviteToAll(stale, inviteId);
    const transport = network({ [ADA]: handlerOf(stale) });
    await expect(joinGroup(ben, invite, { ...options, transport })).rejects.toMatchObject({ code: 'stale-history' });
    expect(meshStatus(ben).state).toBe('pending');
  });
});

describe('Requests that wait', () => {
  test('are few for one invite, whoever has it', async () => {
    const { ada, invite, options } = await world();
    for (let i = 0; i < 6; i++) {
      const controller = new AbortController();
      const peer = await openPeer();
      const onProgress = ({ state }: JoinProgress) => state === 'waiting' && controller.abort();
      await joinGroup(peer, invite, { ...options, onProgress, signal: controller.signal }).catch(() => undefined);
    }
    expect(pendingJoins(ada)).toHaveLength(4);
  });

  test('can be declined, which its joiner is told, while others may still answer the invite', async () => {
    const { ada, ben, invite, options } = await world();
    const decline = ({ state, fingerprint }: JoinProgress) => {
      if (state === 'waiting') expect(declineJoin(ada, fingerprint.toLowerCase())).toEqual({ memberId: 'ben' });
    };
    const joining = () => joinGroup(ben, invite, { ...options, memberId: 'ben', onProgress: decline });
    await expect(joining()).rejects.toMatchObject({ refusal: 'join-refused' });
    await expect(joining()).rejects.toMatchObject({ refusal: 'join-refused' });
    expect(pendingJoins(ada)).toEqual([]);
    expect(() => declineJoin(ada, 'AAAA-AAAA-AAAA-AAAA')).toThrow('no join request');
    const approve = ({ state, fingerprint }: JoinProgress) => state === 'waiting' && approveJoin(ada, fingerprint);
    await joinGroup(await openPeer(), invite, { ...options, onProgress: approve });
    expect(meshStatus(ada).group?.members).toBe(2);
  });

  test('can be answered by hand', async () => {
    const { ada, ben, invite, options } = await world();
    const onProgress = ({ state }: JoinProgress) => {
      if (state === 'waiting') addMember(ada, waitingJoin(ben)?.request as Uint8Array);
    };
    await joinGroup(ben, invite, { ...options, onProgress });
    expect(pendingJoins(ada)).toEqual([]);
    expect(() => approveJoin(ada, 'AAAA-AAAA-AAAA-AAAA')).toThrow('no join request');
  });
});
