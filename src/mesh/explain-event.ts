/**
 * What an event would do here, without doing it.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import { type Frame, parseFrame } from '../codec/frame.js';
import type { MeshDatabase } from '../store/database.js';
import { decodeBundle } from './bundle.js';
import { type ExaminedEvent, examineEvent } from './event-examination.js';
import { type EventResult, refusal } from './event-intake.js';
import { allEvents, type EventNode, findEvent, storedEvent } from './event-store.js';
import { chooseHead, type ForkChoiceEvent } from './fork-choice.js';
import { type Group, requireGroup } from './group.js';
import { MAX_FRAME_BYTES } from './limits.js';
import type { Roster } from './roster.js';
import { findInstance, rosterAt } from './roster-store.js';

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
  /** Whether the head would be another one (or, of a known event, whether it lies on the head's path). */
  readonly movesHead: boolean;
  /** The names of those who would become members, by the roster of the head. */
  readonly gains: readonly string[];
  /** The names of those who would be members no longer. */
  readonly loses: readonly string[];
}

/** The names in one roster that are not in the other, by instance. */
function namesMissing(from: Roster, other: Roster): string[] {
  return from.members.filter(({ mid }) => other.byMid(mid) === null).map(({ memberId }) => memberId);
}

type Valid = Extract<ExaminedEvent, { readonly roster: Roster }>;

function effectOf(db: MeshDatabase, group: Group, { event, roster }: Valid): EventEffect {
  const { id, parent, epoch, actor, change } = event;
  const target = change.kind === 'kick' ? change.target : null;
  const known = allEvents(db);
  const { head } = chooseHead<ForkChoiceEvent>([...known, { id, parent, epoch, actor, target }]);
  const present = known.find((node) => equalBytes(node.id, head.id));
  const after = present === undefined ? roster : rosterAt(db, present);
  return {
    kind: change.kind,
    epoch,
    actor: findInstance(db, actor)?.memberId ?? '',
    movesHead: !equalBytes(head.id, group.head.id),
    gains: namesMissing(after, group.roster),
    loses: namesMissing(group.roster, after),
  };
}

function explainKnown(db: MeshDatabase, node: EventNode): EventExplanation {
  const { change, epoch } = storedEvent(db, node.id);
  const actor = findInstance(db, node.actor)?.memberId ?? '';
  const effect = { kind: change.kind, epoch, actor, movesHead: node.onHeadPath, gains: [], loses: [] };
  return { eventId: node.id, outcome: 'duplicate', effect };
}

function explainFrame(db: MeshDatabase, frame: Frame): EventExplanation {
  const known = findEvent(db, frame.id);
  if (known !== null) return explainKnown(db, known);
  const group = requireGroup(db);
  const examined = examineEvent(db, group.id, frame);
  if ('waitingFor' in examined) return { eventId: frame.id, outcome: 'orphaned', effect: null };
  return { eventId: frame.id, outcome: 'applied', effect: effectOf(db, group, examined) };
}

/**
 * Says, without changing anything, whether an event would be accepted, by which rule it would not, and who would gain or
 * lose access. The envelope is not looked at.
 *
 * @param bundle as for `applyEvents`
 * @throws InvalidInputError if it is not a `Uint8Array`
 * @throws MeshError `no-group`
 */
export function explainEvent(db: MeshDatabase, bundle: Uint8Array): EventExplanation {
  requireBytes('bundle', bundle);
  requireGroup(db);
  let eventId: Uint8Array | null = null;
  try {
    const frame = parseFrame(decodeBundle(bundle).frame, { maxBytes: MAX_FRAME_BYTES });
    eventId = frame.id;
    return explainFrame(db, frame);
  } catch (error) {
    return { ...refusal(eventId, error), effect: null };
  }
}
