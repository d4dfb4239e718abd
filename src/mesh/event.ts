/**
 * Membership events: the formats of `genesis` and `event` payloads, and what both look like to the rest of the layer.
 *
 * @module
 */
import { compareBytes } from '../bytes.js';
import { type Frame, signFrame } from '../codec/frame.js';
import {
  anything,
  arrayOf,
  bytesOf,
  bytesUpTo,
  decodeShape,
  encodeShape,
  items,
  oneOf,
  type ShapeOf,
  textOf,
  uint,
} from '../codec/shape.js';
import { MAX_CUT_STREAMS, MAX_FRAME_BYTES } from './limits.js';
import type { Role } from './roster.js';

/** The frame types of membership events. */
export const GENESIS = 'genesis';
export const EVENT = 'event';

const GENESIS_PAYLOAD = items({
  nonce: bytesOf(16),
  groupName: textOf({ max: 128 }),
  memberId: textOf({ max: 64 }),
  dhPub: bytesOf(32),
  rosterHash: bytesOf(32),
  envelopeHash: bytesOf(32),
  secretCommit: bytesOf(32),
  createdAt: uint(),
});

const EVENT_PAYLOAD = items({
  groupId: bytesOf(32),
  epoch: uint(),
  prev: bytesOf(32),
  kind: oneOf('add', 'kick', 'rotate'),
  detail: anything,
  rosterHash: bytesOf(32),
  envelopeHash: bytesOf(32),
  secretCommit: bytesOf(32),
  createdAt: uint(),
});

const ROLE = oneOf('admin', 'member');
const ADD_DETAIL = items({ request: bytesUpTo(MAX_FRAME_BYTES), role: ROLE });
const CUT = arrayOf(items({ streamId: bytesOf(16), seq: uint(), msgId: bytesOf(32) }), { max: MAX_CUT_STREAMS });
const KICK_DETAIL = items({ target: bytesOf(32), cut: CUT });
const ROTATE_DETAIL = items({});

/** How many items an `event` payload has, which its first byte shows. */
export const EVENT_ITEMS = 9;

/** The last gossip accepted from one stream of a kicked member. */
export type CutEntry = ShapeOf<typeof CUT>[number];

/** What an event does to the roster. */
export type Change =
  | { readonly kind: 'genesis'; readonly groupName: string; readonly memberId: string; readonly dhPub: Uint8Array }
  | { readonly kind: 'add'; readonly request: Uint8Array; readonly role: Role }
  | { readonly kind: 'kick'; readonly target: Uint8Array; readonly cut: readonly CutEntry[] }
  | { readonly kind: 'rotate' };

/** What every event commits to, besides its change. */
interface Commitments {
  /** 32 bytes: of the roster after the event. */
  readonly rosterHash: Uint8Array;
  /** 32 bytes: of the envelope's bytes. */
  readonly envelopeHash: Uint8Array;
  /** 32 bytes: of the epoch's secret. */
  readonly secretCommit: Uint8Array;
  /** Seconds since the Unix epoch by its author's clock: for display, never for order. */
  readonly createdAt: number;
}

/** A decoded membership event. That its signature is good was checked before; the rest is up to `validity.ts`. */
export interface MeshEvent extends Commitments {
  /** 32 bytes: the frame's id. */
  readonly id: Uint8Array;
  /** 32 bytes: whose event it is. The acting admin's `mid`; for genesis its own id, which is the founder's `mid`. */
  readonly actor: Uint8Array;
  /** 32 bytes: the frame's signer. For genesis the founder's signing key, else the same as `actor`. */
  readonly signer: Uint8Array;
  readonly epoch: number;
  /** 32 bytes: the event before it; null for genesis. */
  readonly parent: Uint8Array | null;
  readonly change: Change;
}

/** Signs a genesis. */
export function signGenesis(
  founder: { readonly signPriv: Uint8Array; readonly signPub: Uint8Array },
  payload: ShapeOf<typeof GENESIS_PAYLOAD>,
): Frame {
  return signFrame(
    GENESIS,
    founder.signPub,
    founder.signPriv,
    encodeShape(GENESIS_PAYLOAD, payload, 'genesis payload'),
  );
}

/** An event to be signed: as `MeshEvent`, less what follows from it. */
export interface EventDraft extends Commitments {
  readonly groupId: Uint8Array;
  readonly epoch: number;
  readonly prev: Uint8Array;
  readonly change: Exclude<Change, { kind: 'genesis' }>;
}

function detailOf(change: EventDraft['change']) {
  if (change.kind === 'add') return ADD_DETAIL.write(change);
  return change.kind === 'kick' ? KICK_DETAIL.write(change) : ROTATE_DETAIL.write({});
}

/** Signs an event as the member instance `mid`. */
export function signEvent(mid: Uint8Array, signPriv: Uint8Array, draft: EventDraft): Frame {
  const { change, ...rest } = draft;
  const payload = { ...rest, kind: change.kind, detail: detailOf(change) };
  return signFrame(EVENT, mid, signPriv, encodeShape(EVENT_PAYLOAD, payload, 'event payload'));
}

/**
 * Decodes the payload of a genesis whose signature was verified.
 *
 * @throws CodecError naming the item that is not as expected
 */
export function decodeGenesis(frame: Frame): MeshEvent {
  const payload = decodeShape(GENESIS_PAYLOAD, frame.payload, { maxBytes: MAX_FRAME_BYTES, what: 'genesis payload' });
  const { groupName, memberId, dhPub, rosterHash, envelopeHash, secretCommit, createdAt } = payload;
  return {
    id: frame.id,
    actor: frame.id,
    signer: frame.signer,
    epoch: 0,
    parent: null,
    change: { kind: 'genesis', groupName, memberId, dhPub },
    rosterHash,
    envelopeHash,
    secretCommit,
    createdAt,
  };
}

function changeOf({ kind, detail }: ShapeOf<typeof EVENT_PAYLOAD>): Change {
  if (kind === 'add') return { kind, ...ADD_DETAIL.read(detail, 'detail of an add') };
  if (kind === 'kick') return { kind, ...KICK_DETAIL.read(detail, 'detail of a kick') };
  ROTATE_DETAIL.read(detail, 'detail of a rotate');
  return { kind };
}

/** An event, and the group that it names. */
interface DecodedEvent {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly event: MeshEvent;
}

/** Events that were decoded, by their frame: what is verified ahead of its turn is looked at twice. */
const decodedEvents = new WeakMap<Frame, DecodedEvent>();

/**
 * Decodes the payload of an event whose signature was verified, and tells which group it names.
 *
 * @throws CodecError naming the item that is not as expected
 */
export function decodeEvent(frame: Frame): DecodedEvent {
  let decoded = decodedEvents.get(frame);
  if (decoded === undefined) {
    decoded = readEvent(frame);
    decodedEvents.set(frame, decoded);
  }
  return decoded;
}

function readEvent(frame: Frame): DecodedEvent {
  const payload = decodeShape(EVENT_PAYLOAD, frame.payload, { maxBytes: MAX_FRAME_BYTES, what: 'event payload' });
  const { groupId, epoch, prev, rosterHash, envelopeHash, secretCommit, createdAt } = payload;
  const event: MeshEvent = {
    id: frame.id,
    actor: frame.signer,
    signer: frame.signer,
    epoch,
    parent: prev,
    change: changeOf(payload),
    rosterHash,
    envelopeHash,
    secretCommit,
    createdAt,
  };
  return { groupId, event };
}

/** Orders the entries of a cut as they must stand: by stream. */
export function compareCutEntries(a: CutEntry, b: CutEntry): number {
  return compareBytes(a.streamId, b.streamId);
}
