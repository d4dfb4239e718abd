/**
 * What must be true of every peer after every step, and of all peers together once they have heard everything.
 *
 * @module
 */
import assert from 'node:assert/strict';
import {
  conflicts,
  type MeshDatabase,
  openGossip,
  pendingReplays,
  roster,
  verifyHistory,
} from '../../../../src/index.js';
import { checkEnvelope, openOwnSlot } from '../../../../src/mesh/envelope.js';
import { envelopeContext } from '../../../../src/mesh/envelope-store.js';
import { allEvents, type EventNode, findHead, storedEvent } from '../../../../src/mesh/event-store.js';
import { chooseHead } from '../../../../src/mesh/fork-choice.js';
import { requireGroup } from '../../../../src/mesh/group.js';
import { loadDhKey } from '../../../../src/mesh/identity.js';
import { toHex } from '../../hex.js';
import { type ModelHistory, modelHead } from '../model.js';
import { storedHistory } from '../stored-history.js';
import { type Peer, refusalOf } from './peer.js';
import type { Deed, World } from './world.js';

const idsOf = (events: Iterable<EventNode>) => [...events].map(({ id }) => toHex(id)).sort();

function pathTo(head: EventNode, events: readonly EventNode[]): EventNode[] {
  const byId = new Map(events.map((event) => [toHex(event.id), event]));
  const path: EventNode[] = [];
  for (let at: EventNode | undefined = head; at; at = at.parent ? byId.get(toHex(at.parent)) : undefined) path.push(at);
  return path;
}

/** The stored head, the path to it and the kicks that count are what the rule makes of all stored events. */
function checkHead({ name, db }: Peer): void {
  const events = allEvents(db);
  const { head, standingKicks } = chooseHead(events);
  const path = idsOf(events.filter(({ onHeadPath }) => onHeadPath));
  assert.deepEqual(path, idsOf(pathTo(head, events)), `${name} has another head than the rule chooses`);
  const standing = idsOf(events.filter((event) => event.standing));
  assert.deepEqual(standing, idsOf(standingKicks), `${name} counts other kicks than the rule`);
}

/** No one holds the secret of an epoch that it was no member of. */
function checkSecrets(peer: Peer): void {
  const rows = peer.db.sql.all('SELECT event_id FROM mesh_secret');
  for (const { event_id } of rows) {
    const instance = peer.instanceAfter(event_id as Uint8Array);
    assert.notEqual(instance, null, `${peer.name} holds the secret of an epoch it was no member of`);
  }
}

/** Nobody seals to someone whom a kick that counts removed, on whatever branch; to be asked when something was sealed. */
export function checkSealedToNoneKicked({ name, db }: Peer): void {
  const members = new Set(roster(db).map(({ mid }) => toHex(mid)));
  const kicked = chooseHead(allEvents(db)).standingKicks.filter(({ target }) =>
    members.has(toHex(target as Uint8Array)),
  );
  assert.deepEqual(idsOf(kicked), [], `${name} sealed to someone who was kicked`);
}

/** What must hold of a peer at any time. */
export function checkPeer(peer: Peer): void {
  if (!peer.inGroup) return;
  checkHead(peer);
  checkSecrets(peer);
}

/** A restored backup, or anything else, makes no one sign two messages at one place. */
function checkNobodyFramed({ name, db }: Peer): void {
  const framed = conflicts(db).filter(({ kind }) => kind === 'gossip');
  assert.deepEqual(framed, [], `${name} holds proof against someone who did nothing`);
}

const envelopeOf = (db: MeshDatabase, { id }: EventNode) =>
  (db.sql.get('SELECT envelope FROM mesh_envelope WHERE event_id = ?', [id])?.envelope ?? null) as Uint8Array | null;

/** The key of whoever is not in the present roster has no slot in its envelope, and opens none as if it were the owner. */
function checkEnvelopeIsClosed(outsider: Peer, head: EventNode): void {
  const envelope = envelopeOf(outsider.db, head);
  if (envelope === null) return;
  const { id: groupId, identity, roster: members } = requireGroup(outsider.db);
  const event = storedEvent(outsider.db, head.id);
  const slots = checkEnvelope(envelope, event.envelopeHash, members);
  for (const owner of members.members) {
    assert.notDeepEqual(owner.signPub, identity.signPub, `${outsider.name} has a slot in an epoch it is no member of`);
    const open = () => openOwnSlot(slots, envelopeContext(groupId, event), owner, loadDhKey(outsider.db));
    assert.throws(open, `${outsider.name} opens the slot of ${owner.memberId}`);
  }
}

/** Whoever was no member of a message's epoch cannot open it. */
function checkSayings(world: World, peer: Peer): void {
  for (const { by, message } of world.sayings) {
    try {
      const { eventId } = openGossip(peer.db, message);
      assert.notEqual(peer.instanceAfter(eventId), null, `${peer.name} opens what ${by.name} said without it`);
    } catch (error) {
      refusalOf(error);
    }
  }
}

/** All have the same events, head and roster; and the members that were given one, the same secret. */
function checkAgreement(world: World, peers: readonly Peer[]): void {
  const [first] = peers as [Peer];
  const head = findHead(first.db) as EventNode;
  const view = (peer: Peer) => ({
    events: idsOf(allEvents(peer.db)),
    head: findHead(peer.db)?.id,
    roster: roster(peer.db),
  });
  const isEnvelopeKept = peers.some(({ db }) => envelopeOf(db, head) !== null);
  const secrets = new Set<string>();
  for (const peer of peers) {
    assert.deepEqual(view(peer), view(first), `${peer.name} and ${first.name} disagree`);
    const secret = peer.db.sql.get('SELECT secret FROM mesh_secret WHERE event_id = ?', [head.id])?.secret;
    if (secret !== undefined) secrets.add(toHex(secret as Uint8Array));
    const entitled = peer.isMember && isEnvelopeKept && !world.isSpoiledFor(peer, head.id);
    if (entitled) assert.notEqual(secret, undefined, `${peer.name} lacks the secret of the present epoch`);
    if (!peer.isMember) checkEnvelopeIsClosed(peer, head);
  }
  assert.ok(secrets.size <= 1, 'members hold different secrets of one epoch');
}

/** The signing key that an event adds or kicks, in hexadecimal. */
function subjectOf(history: ModelHistory, id: string): string {
  const { action } = history.event(id);
  if (action.kind === 'add') return action.person;
  return action.kind === 'kick' ? subjectOf(history, action.target) : history.event(id).actor;
}

/** Whether what a losing event did has happened on the head path since they parted, or would change nothing there. */
function isNoOp(history: ModelHistory, head: string, lost: string): boolean {
  const { kind } = history.event(lost).action;
  if (kind === 'rotate') return true;
  const subject = subjectOf(history, lost);
  const ancestors = new Set(history.path(lost).map(({ id }) => id));
  const since = history.path(head).filter(({ id }) => !ancestors.has(id));
  if (since.some(({ id, action }) => action.kind === kind && subjectOf(history, id) === subject)) return true;
  const present = [...history.rosterAfter(head).keys()].some((mid) => keyOf(history, mid) === subject);
  return present === (kind === 'add');
}

/** The signing key of an instance; of the founder its id, since no one kicks or adds it. */
const keyOf = (history: ModelHistory, mid: string) => {
  const { action } = history.event(mid);
  return action.kind === 'add' ? action.person : mid;
};

/** Every change that the library made is on the head path, listed for replay, or would change nothing. */
function checkNothingLost(peer: Peer, history: ModelHistory, deeds: readonly Deed[]): void {
  const head = toHex((findHead(peer.db) as EventNode).id);
  const path = new Set(history.path(head).map(({ id }) => id));
  const effect = (id: string) => `${history.event(id).action.kind} ${subjectOf(history, id)}`;
  const known = new Set(history.events().map(({ id }) => id));
  const lost = deeds
    .map(({ by, eventId }) => ({ by, id: toHex(eventId) }))
    .filter(({ id }) => known.has(id) && !path.has(id) && !isNoOp(history, head, id));
  const pending = lost.length === 0 ? [] : pendingReplays(peer.db);
  for (const { by, id } of lost) {
    const listed = pending.filter(({ eventId }) => effect(toHex(eventId)) === effect(id));
    assert.notEqual(listed.length, 0, `${by.name}'s ${effect(id)} was lost silently for ${peer.name}`);
    const isOffered = by !== peer || !peer.isMember || listed.some(({ own }) => own);
    assert.ok(isOffered, `${by.name} is not offered its own lost change`);
  }
}

/** What must hold once every peer has heard everything. */
export function checkConvergence(world: World): void {
  const peers = world.inGroup();
  checkAgreement(world, peers);
  const [first] = peers as [Peer];
  const history = storedHistory(first.db);
  assert.equal(toHex((findHead(first.db) as EventNode).id), modelHead(history), 'the model chooses another head');
  for (const peer of peers) {
    checkNobodyFramed(peer);
    checkSayings(world, peer);
    checkNothingLost(peer, history, world.deeds);
  }
}

/** The slow check: everything again from the stored bytes, signatures included. */
export function checkStoredBytes({ name, db }: Peer): void {
  assert.deepEqual(verifyHistory(db).problems, [], `the history of ${name} does not verify`);
}
