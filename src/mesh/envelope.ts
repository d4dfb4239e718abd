/**
 * The envelope: an epoch's secret sealed to each member of the roster, one slot a member, in the roster's order. It
 * travels beside its event, which commits to its bytes; it is no part of the event's validity, since not every peer
 * has it.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { encodeCbor } from '../codec/cbor.js';
import { labelHash } from '../codec/labels.js';
import { arrayOf, bytesOf, decodeShape, encodeShape, items, type ShapeOf } from '../codec/shape.js';
import { hpkeOpen, hpkeSealMany } from '../crypto/hpke.js';
import { MeshError } from '../errors.js';
import { MAX_ENVELOPE_BYTES, MAX_MEMBERS } from './limits.js';
import type { MeshRosterEntry, Roster } from './roster.js';
import { isCommittedSecret } from './secret.js';

/** A secret of 32 bytes and the tag of its seal. */
const SEALED_SECRET_BYTES = 48;
const SLOT = items({ signPub: bytesOf(32), enc: bytesOf(32), ciphertext: bytesOf(SEALED_SECRET_BYTES) });
const ENVELOPE = arrayOf(SLOT, { max: MAX_MEMBERS });

type Slot = ShapeOf<typeof SLOT>;

/** What a slot's seal is bound to, besides its recipient: the event that it belongs to. */
export interface EnvelopeContext {
  /** 32 bytes; zeros for genesis. */
  readonly groupId: Uint8Array;
  readonly epoch: number;
  /** 32 bytes; null for genesis. */
  readonly prev: Uint8Array | null;
  /** 32 bytes: the event's signer. */
  readonly signer: Uint8Array;
  readonly rosterHash: Uint8Array;
  readonly secretCommit: Uint8Array;
}

/** All reasons of a fault. */
export const FAULT_REASONS = ['envelope-hash', 'slots', 'slot', 'commitment'] as const;
/**
 * What is wrong with an envelope: not the bytes that the event commits to; not one slot for each member; the own slot does
 * not open; it holds another secret than the event commits to.
 */
export type FaultReason = (typeof FAULT_REASONS)[number];

/** An envelope that is not what its event and roster demand. Code `invalid-envelope`; `reason` goes into a fault. */
export class InvalidEnvelopeError extends MeshError {
  /** What is wrong, as the reason of a fault. */
  readonly reason: FaultReason;

  /**
   * @param reason what is wrong
   * @param message one line for people
   */
  constructor(reason: FaultReason, message: string, options?: ErrorOptions) {
    super('invalid-envelope', message, options);
    this.reason = reason;
  }
}

/** The HPKE `info` of one recipient's slot: CBOR `["arborist-mesh/1 wrap", context…, sign_pub, dh_pub]`. */
function slotInfo(context: EnvelopeContext, recipient: MeshRosterEntry): Uint8Array {
  const { groupId, epoch, prev, signer, rosterHash, secretCommit } = context;
  const { signPub, dhPub } = recipient;
  return encodeCbor(['arborist-mesh/1 wrap', groupId, epoch, prev, signer, rosterHash, secretCommit, signPub, dhPub]);
}

/**
 * The `info` of every recipient. All but the last two items are the same, so that they are encoded once and the two
 * keys put in place: at a thousand members, encoding each one whole took a tenth of the time of the seals themselves.
 */
function slotInfos(context: EnvelopeContext, roster: Roster): Uint8Array[] {
  const [first] = roster.members;
  if (first === undefined) return [];
  const template = slotInfo(context, first);
  return roster.members.map(({ signPub, dhPub }) => {
    const info = template.slice();
    // Both stand at the end, each 32 bytes after a head of two.
    info.set(dhPub, info.length - 32);
    info.set(signPub, info.length - 32 - 34);
    return info;
  });
}

/** Seals the secret to every member of the roster, each with its own fresh encapsulation (RFC 9180 §9.2.2). */
export function sealEnvelope(context: EnvelopeContext, roster: Roster, secret: Uint8Array): Uint8Array {
  const infos = slotInfos(context, roster);
  const recipients = roster.members.map(({ dhPub }, i) => ({ publicKey: dhPub, info: infos[i] as Uint8Array }));
  const sealed = hpkeSealMany(recipients, secret);
  const slots = sealed.map((seal, i) => ({ signPub: (roster.members[i] as MeshRosterEntry).signPub, ...seal }));
  return encodeShape(ENVELOPE, slots, 'envelope');
}

/** `envelope_hash`: 32 bytes. */
export function envelopeHash(envelope: Uint8Array): Uint8Array {
  return labelHash('arborist-mesh/1 envelope', envelope);
}

/**
 * Checks what anyone can: that these are the committed bytes, and hold exactly one slot for each member, in order.
 *
 * @returns the slots
 * @throws InvalidEnvelopeError `envelope-hash` or `slots`
 */
export function checkEnvelope(envelope: Uint8Array, committedHash: Uint8Array, roster: Roster): readonly Slot[] {
  if (!equalBytes(envelopeHash(envelope), committedHash)) {
    throw new InvalidEnvelopeError('envelope-hash', 'the envelope is not the one that its event commits to');
  }
  let slots: readonly Slot[];
  try {
    slots = decodeShape(ENVELOPE, envelope, { maxBytes: MAX_ENVELOPE_BYTES, what: 'envelope' });
  } catch (cause) {
    throw new InvalidEnvelopeError('slots', 'the envelope is not of the expected shape', { cause });
  }
  const { members } = roster;
  const complete = slots.length === members.length;
  if (!complete || !slots.every(({ signPub }, i) => equalBytes(signPub, (members[i] as MeshRosterEntry).signPub))) {
    throw new InvalidEnvelopeError('slots', 'the envelope must hold exactly one slot for each member, in roster order');
  }
  return slots;
}

/**
 * Opens a member's own slot and checks the secret against the event's commitment.
 *
 * @param member the member that opens, as it stands in the roster
 * @param dhPriv its X25519 private key
 * @returns the epoch's secret, 32 bytes
 * @throws InvalidEnvelopeError `slot` or `commitment`
 */
export function openOwnSlot(
  slots: readonly Slot[],
  context: EnvelopeContext,
  member: MeshRosterEntry,
  dhPriv: Uint8Array,
): Uint8Array {
  const slot = slots.find(({ signPub }) => equalBytes(signPub, member.signPub));
  if (slot === undefined) throw new InvalidEnvelopeError('slots', 'the envelope holds no slot for this member');
  let secret: Uint8Array;
  try {
    secret = hpkeOpen(dhPriv, slot.enc, slot.ciphertext, { info: slotInfo(context, member) });
  } catch (cause) {
    throw new InvalidEnvelopeError('slot', "this member's slot of the envelope does not open", { cause });
  }
  if (!isCommittedSecret(context.secretCommit, context.groupId, context.epoch, secret)) {
    throw new InvalidEnvelopeError('commitment', 'the secret in the envelope is not the one that its event commits to');
  }
  return secret;
}
