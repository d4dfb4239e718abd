/**
 * Verifying all that this database claims, again, from the stored bytes alone: every signature, every rule, every
 * roster hash, the envelopes and secrets that are kept, the choice of the head, the signatures of gossip, and records.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { type Frame, type FrameVerifier, parseFrame, VerifiedFrames } from '../codec/frame.js';
import { MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { checkEnvelope } from './envelope.js';
import { allKept, envelopeContext, loadEnvelope, loadSecret } from './envelope-store.js';
import { decodeEvent, decodeGenesis, GENESIS, type MeshEvent } from './event.js';
import { allEvents, type EventNode, eventFrame } from './event-store.js';
import { chooseHead, type ForkChoiceEvent } from './fork-choice.js';
import { requireGroup } from './group.js';
import { InvalidEventError } from './invalid-event.js';
import { MAX_FRAME_BYTES } from './limits.js';
import { verifyRecords } from './records/verify-records.js';
import type { MeshRosterEntry, Roster } from './roster.js';
import { allInstances } from './roster-store.js';
import { isCommittedSecret } from './secret.js';
import { checkEvent, checkGenesis } from './validity.js';
import { embeddedRequests } from './verify-ahead.js';
import { problemLine, shortId, VERIFIED_TOGETHER, verifyMessages } from './verify-messages.js';

/** What {@link verifyHistory} found. The counts are of what was checked and is right. */
export interface HistoryReport {
  /** Whether everything is right. */
  readonly ok: boolean;
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** Epochs on the head path, genesis included. */
  readonly epochs: number;
  /** Events of the whole tree that are valid, losing branches included; each one's roster hash was computed again. */
  readonly events: number;
  /** Signatures of events, of embedded join requests, of gossip and of records. */
  readonly signatures: number;
  /** Envelopes that are what their event commits to, with one slot for each member. */
  readonly envelopes: number;
  /** Secrets that are what their event commits to. */
  readonly secrets: number;
  /** Secrets that were not checked, since they are locked. */
  readonly lockedSecrets: number;
  /** Gossip messages. */
  readonly messages: number;
  /** Records; leaves and chunks of their documents are compared with them. */
  readonly records: number;
  /** What is wrong, one line each; empty if nothing is. */
  readonly problems: readonly string[];
}

/** A valid event as its frame has it, and as the tables do. */
interface VerifiedEvent extends ForkChoiceEvent {
  readonly node: EventNode;
}

interface Sum {
  events: number;
  signatures: number;
  envelopes: number;
  secrets: number;
  lockedSecrets: number;
  readonly problems: string[];
}

const eventName = ({ id, epoch }: EventNode) => `event ${shortId(id)} of epoch ${epoch}`;

/** An event of the database with its frame taken apart; null where that fails. */
function readFrame(db: MeshDatabase, node: EventNode, sum: Sum): Frame | null {
  const name = eventName(node);
  try {
    const frame = parseFrame(eventFrame(db, node.id), { maxBytes: MAX_FRAME_BYTES });
    if (equalBytes(frame.id, node.id)) return frame;
    sum.problems.push(`${name}: its stored frame has another id`);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    sum.problems.push(problemLine(name, error));
  }
  return null;
}

/** Walks through the tree, parents first, and derives every roster anew. */
class HistoryWalk {
  readonly #db: MeshDatabase;
  readonly #groupId: Uint8Array;
  readonly #sum: Sum;
  /** What the tables say, read once: a query for each event took as long as checking its signature. */
  readonly #instances: ReadonlyMap<string, MeshRosterEntry>;
  readonly #kept: ReturnType<typeof allKept>;
  /** The roster after each event that still has children to come, and how many those are. */
  readonly #rosters = new Map<string, { readonly roster: Roster; readonly epoch: number; children: number }>();
  readonly #childCount = new Map<string, number>();
  /** The valid events, parents first. */
  readonly verified: VerifiedEvent[] = [];

  constructor(db: MeshDatabase, groupId: Uint8Array, nodes: readonly EventNode[], sum: Sum) {
    this.#db = db;
    this.#groupId = groupId;
    this.#sum = sum;
    this.#instances = allInstances(db);
    this.#kept = allKept(db);
    for (const { parent } of nodes) {
      if (parent !== null) this.#childCount.set(byteKey(parent), (this.#childCount.get(byteKey(parent)) ?? 0) + 1);
    }
  }

  /** Checks events whose frames are read already. */
  checkBatch(batch: readonly { readonly node: EventNode; readonly frame: Frame }[]): void {
    const verified = new VerifiedFrames();
    const items = batch.map(({ node, frame }) => ({ node, frame, publicKey: this.#keyOf(frame) }));
    const good = new Set(verified.add(items));
    verified.add(embeddedRequests([...good]));
    for (const item of items) {
      const name = eventName(item.node);
      try {
        if (!good.has(item)) throw new InvalidEventError('signature', 'the signature does not verify');
        this.#checkOne(item.node, item.frame, verified.verify);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        this.#sum.problems.push(problemLine(name, error));
      }
    }
  }

  /** The stored key of the signer, which must turn out to be the derived one; no key verifies where there is none. */
  #keyOf(frame: Frame): Uint8Array {
    if (frame.type === GENESIS) return frame.signer;
    return this.#instances.get(byteKey(frame.signer))?.signPub ?? new Uint8Array(32);
  }

  #checkOne(node: EventNode, frame: Frame, verify: FrameVerifier): void {
    const event = this.#decode(frame);
    const roster = this.#rosterAfter(event, verify);
    const key = byteKey(event.id);
    const children = this.#childCount.get(key) ?? 0;
    if (children > 0) this.#rosters.set(key, { roster, epoch: event.epoch, children });
    const target = event.change.kind === 'kick' ? event.change.target : null;
    this.verified.push({ node, id: event.id, parent: event.parent, epoch: event.epoch, actor: event.actor, target });
    this.#sum.signatures += event.change.kind === 'add' ? 2 : 1;
    this.#checkColumns(node, event, roster.byMid(event.id));
    this.#checkEnvelope(event, roster);
    this.#sum.events += 1;
  }

  #decode(frame: Frame): MeshEvent {
    if (frame.type === GENESIS) {
      if (!equalBytes(frame.id, this.#groupId))
        throw new InvalidEventError('group', 'it is the genesis of another group');
      return decodeGenesis(frame);
    }
    const { groupId, event } = decodeEvent(frame);
    if (!equalBytes(groupId, this.#groupId)) throw new InvalidEventError('group', 'it is of another group');
    return event;
  }

  #rosterAfter(event: MeshEvent, verify: FrameVerifier): Roster {
    if (event.parent === null) return checkGenesis(event);
    const key = byteKey(event.parent);
    const parent = this.#rosters.get(key);
    if (parent === undefined) throw new MeshError('unknown-event', 'its parent is missing or not valid');
    parent.children -= 1;
    if (parent.children === 0) this.#rosters.delete(key);
    return checkEvent(event, { groupId: this.#groupId, epoch: parent.epoch, roster: parent.roster }, verify);
  }

  /** What the tables repeat of an event must be what the event says. */
  #checkColumns(node: EventNode, event: MeshEvent, added: MeshRosterEntry | null): void {
    const target = event.change.kind === 'kick' ? event.change.target : null;
    const same = (a: Uint8Array | null, b: Uint8Array | null) =>
      a === null || b === null ? a === b : equalBytes(a, b);
    const instance = this.#instances.get(byteKey(event.id));
    const right =
      node.epoch === event.epoch &&
      node.kind === event.change.kind &&
      same(node.parent, event.parent) &&
      same(node.actor, event.actor) &&
      same(node.target, target) &&
      same(instance?.signPub ?? null, added?.signPub ?? null) &&
      same(instance?.dhPub ?? null, added?.dhPub ?? null) &&
      instance?.memberId === added?.memberId &&
      instance?.role === added?.role;
    if (!right) throw new MeshError('corrupt-database', 'the tables say something else than its frame');
  }

  #checkEnvelope(event: MeshEvent, roster: Roster): void {
    const key = byteKey(event.id);
    const envelope = this.#kept.envelopes.has(key) ? loadEnvelope(this.#db, event.id) : null;
    if (envelope !== null) {
      checkEnvelope(envelope, event.envelopeHash, roster);
      this.#sum.envelopes += 1;
    }
    if (!this.#kept.secrets.has(key)) return;
    if (this.#db.secrets.state === 'locked') {
      this.#sum.lockedSecrets += 1;
      return;
    }
    const secret = loadSecret(this.#db, event.id);
    if (secret === null) return;
    const { groupId, epoch, secretCommit } = envelopeContext(this.#groupId, event);
    if (!isCommittedSecret(secretCommit, groupId, epoch, secret)) {
      throw new MeshError('corrupt-database', 'the stored secret is not the one that it commits to');
    }
    this.#sum.secrets += 1;
  }
}

function verifyEvents(db: MeshDatabase, groupId: Uint8Array, sum: Sum): readonly VerifiedEvent[] {
  const nodes = allEvents(db);
  const walk = new HistoryWalk(db, groupId, nodes, sum);
  for (let at = 0; at < nodes.length; at += VERIFIED_TOGETHER) {
    const batch = nodes.slice(at, at + VERIFIED_TOGETHER).flatMap((node) => {
      const frame = readFrame(db, node, sum);
      return frame === null ? [] : [{ node, frame }];
    });
    walk.checkBatch(batch);
  }
  return walk.verified;
}

/** The events from genesis to the head. */
function pathTo(head: VerifiedEvent, events: readonly VerifiedEvent[]): Set<VerifiedEvent> {
  const byId = new Map(events.map((event) => [byteKey(event.id), event]));
  const path = new Set<VerifiedEvent>();
  for (let event: VerifiedEvent | undefined = head; event !== undefined; ) {
    path.add(event);
    event = event.parent === null ? undefined : byId.get(byteKey(event.parent));
  }
  return path;
}

/** The head, the path to it and the kicks that count must be those that the rule chooses among the valid events. */
function verifyHead(events: readonly VerifiedEvent[], problems: string[]): void {
  if (events.length === 0) return;
  const { head, standingKicks } = chooseHead(events);
  const path = pathTo(head, events);
  if (events.some((event) => event.node.onHeadPath !== path.has(event))) {
    problems.push('the events that are marked as leading to the head are not those that the rule chooses');
  }
  const standing = new Set(standingKicks);
  if (events.some((event) => event.node.standing !== standing.has(event))) {
    problems.push('the kicks that are marked as standing are not those that the rule counts');
  }
}

/**
 * Verifies the whole history again, from the stored bytes alone, and the gossip and records that are kept. Reads only, and works
 * while the mesh is disabled.
 *
 * @returns what was checked, and what is wrong
 * @throws MeshError `no-group`
 */
export function verifyHistory(db: MeshDatabase): HistoryReport {
  const { id: groupId, head } = requireGroup(db);
  const sum: Sum = { events: 0, signatures: 0, envelopes: 0, secrets: 0, lockedSecrets: 0, problems: [] };
  verifyHead(verifyEvents(db, groupId, sum), sum.problems);
  const messages = verifyMessages(db, sum.problems);
  const records = verifyRecords(db, groupId, sum.problems);
  return {
    ...sum,
    ok: sum.problems.length === 0,
    groupId,
    epochs: head.epoch + 1,
    signatures: sum.signatures + messages + records,
    messages,
    records,
  };
}
