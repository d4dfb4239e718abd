/**
 * What an event would do here, without doing it.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import type { Frame } from '../codec/frame.js';
import type { MeshDatabase } from '../store/database.js';
import { openBundle } from './bundle.js';
import type { MeshEvent } from './event.js';
import { type ExaminedEvent, examineEvent } from './event-examination.js';
import { type EventResult, refusal } from './event-intake.js';
import { type EventNode, findEpoch, findEvent, requireEvent } from './event-store.js';
import type { BranchFate } from './fork-choice.js';
import { type Group, requireGroup } from './group.js';
import { choiceWith } from './head.js';
import { type Loss, lossOf } from './lost-changes.js';
import type { Roster } from './roster.js';
import { findInstance, rosterAt } from './roster-store.js';
import type { BranchNode } from './stored-trunk.js';

/** What {@link explainEvent} tells. */
export interface EventExplanation {
  /** 32 bytes; null if the bundle is not even a frame. */
  readonly eventId: Uint8Array | null;
  /** What `applyEvents` would answer. */
  readonly outcome: EventResult['outcome'];
  /** The rule that a refused event breaks. */
  readonly rule?: EventResult['rule'];
  /** Why it would be refused. */
  readonly reason?: string;
  /** What it does, if it is valid. */
  readonly effect: EventEffect | null;
}

/** What a valid event does. */
export interface EventEffect {
  readonly kind: EventNode['kind'];
  readonly epoch: number;
  /** The name of the admin who made it. */
  readonly actor: string;
  /** The name of the member that it adds or kicks (for genesis the founder); null for a rotate. */
  readonly subject: string | null;
  /** Why it is not on the path to the head; null if it is, or would be. */
  readonly loss: Loss | null;
  /** Whether the head would be another one; of a known event false. */
  readonly movesHead: boolean;
  /** The names of those who would become members, by the roster of the head. */
  readonly gains: readonly string[];
  /** The names of those who would be members no longer. */
  readonly loses: readonly string[];
}

/** The names in one roster that are not in the other, by instance, in order. */
function namesMissing(from: Roster, other: Roster): string[] {
  const missing = from.members.filter(({ mid }) => other.byMid(mid) === null);
  return missing.map(({ memberId }) => memberId).sort();
}

const nameOf = (db: MeshDatabase, mid: Uint8Array) => findInstance(db, mid)?.memberId ?? '';

type Valid = Extract<ExaminedEvent, { readonly roster: Roster }>;

/** The event as the choice of the head sees it once it is stored. */
function asBranch(db: MeshDatabase, { id, parent, epoch, actor, change }: MeshEvent): BranchNode {
  const target = change.kind === 'kick' ? change.target : null;
  const sinceEpoch = requireEvent(db, actor).epoch;
  return { id, parent, epoch, kind: change.kind, actor, target, onHeadPath: false, standing: false, sinceEpoch };
}

function effectOf(db: MeshDatabase, group: Group, { event, roster }: Valid): EventEffect {
  const branch = asBranch(db, event);
  const { branchHead, trunkEpoch, fates } = choiceWith(db, [branch]);
  const head = branchHead ?? (findEpoch(db, trunkEpoch) as EventNode);
  const after = head === branch ? roster : rosterAt(db, head);
  const { kind, epoch, actor, target } = branch;
  return {
    kind,
    epoch,
    actor: nameOf(db, actor),
    subject: target === null ? (roster.byMid(event.id)?.memberId ?? null) : nameOf(db, target),
    loss: head === branch ? null : lossOf(db, actor, fates.get(branch) as BranchFate),
    movesHead: !equalBytes(head.id, group.head.id),
    gains: namesMissing(after, group.roster),
    loses: namesMissing(group.roster, after),
  };
}

function knownEffect(db: MeshDatabase, node: EventNode): EventEffect {
  const { kind, epoch, actor, target } = node;
  const fates = node.onHeadPath ? [] : [...choiceWith(db).fates];
  const lost = fates.find(([{ id }]) => equalBytes(id, node.id));
  return {
    kind,
    epoch,
    actor: nameOf(db, actor),
    subject: kind === 'rotate' ? null : nameOf(db, target ?? node.id),
    loss: lost === undefined ? null : lossOf(db, actor, lost[1]),
    movesHead: false,
    gains: [],
    loses: [],
  };
}

function explainFrame(db: MeshDatabase, group: Group, frame: Frame): EventExplanation {
  const { id: eventId } = frame;
  const known = findEvent(db, eventId);
  if (known !== null) return { eventId, outcome: 'duplicate', effect: knownEffect(db, known) };
  const examined = examineEvent(db, group.id, frame);
  if ('waitingFor' in examined) return { eventId, outcome: 'orphaned', effect: null };
  return { eventId, outcome: 'applied', effect: effectOf(db, group, examined) };
}

/**
 * Says, without changing anything, whether an event would be accepted, by which rule it would not, and who would gain or
 * lose access: by the roster of the head, as it would be after the event alone. The envelope and events that wait for this
 * one are not looked at.
 *
 * @param bundle as for `applyEvents`
 * @throws InvalidInputError if it is not a `Uint8Array`
 * @throws MeshError `no-group`
 */
export function explainEvent(db: MeshDatabase, bundle: Uint8Array): EventExplanation {
  requireBytes('bundle', bundle);
  const group = requireGroup(db);
  let eventId: Uint8Array | null = null;
  try {
    const { frame } = openBundle(bundle);
    eventId = frame.id;
    return explainFrame(db, group, frame);
  } catch (error) {
    return { ...refusal(eventId, error), effect: null };
  }
}
