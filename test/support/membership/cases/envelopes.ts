/**
 * Events with envelopes, good and bad, as one member receives them.
 *
 * @module
 */

import { equalBytes } from '../../../../src/bytes.js';
import { decodeCbor, encodeCbor } from '../../../../src/codec/cbor.js';
import type { FaultReason } from '../../../../src/index.js';
import { encodeBundle } from '../../../../src/mesh/bundle.js';
import { MAX_ENVELOPE_BYTES } from '../../../../src/mesh/limits.js';
import { personOf } from '../signed-tree.js';
import { groupOf, kick, rotate } from './tree-case.js';

type Slot = readonly [signPub: Uint8Array, enc: Uint8Array, ciphertext: Uint8Array];

/** An event with its envelope, for {@link RECEIVER}. */
export interface EnvelopeCase {
  readonly about: string;
  /** The name of the event; its parent is the head of {@link envelopeGroup}. */
  readonly name: string;
  readonly bundle: Uint8Array;
  /** Why the envelope is refused; null if it is good. */
  readonly fault: FaultReason | null;
  /** Whether the receiver learns the epoch's secret. */
  readonly opens: boolean;
}

/** Who receives. */
export const RECEIVER = 'dan';

/** The group that the events are of. */
export const envelopeGroup = () => groupOf('ada* ben* cleo dan');

const slotsOf = (envelope: Uint8Array) => decodeCbor(envelope, { maxBytes: MAX_ENVELOPE_BYTES }) as unknown as Slot[];

const isReceivers = ([signPub]: Slot) => equalBytes(signPub, personOf(RECEIVER).signPub);

const changed = (change: (slots: Slot[]) => readonly Slot[]) => (honest: Uint8Array) =>
  encodeCbor(change(slotsOf(honest)));

/** Draws on the platform's randomness for the seals. */
export function envelopeCases(): EnvelopeCase[] {
  const tree = envelopeGroup();
  const honest = (envelope: Uint8Array) => envelope;
  const bad = (about: string, fault: FaultReason, change: (slots: Slot[]) => readonly Slot[]): EnvelopeCase => {
    const { bundle } = tree.sign(about, 'dan', 'ben', rotate, { envelope: changed(change) });
    return { about, name: about, bundle, fault, opens: false };
  };
  const good = (about: string, name: string, bundle: Uint8Array, opens = true): EnvelopeCase => ({
    about,
    name,
    bundle,
    fault: null,
    opens,
  });
  const first = tree.sign('first', 'dan', 'ben', rotate, { envelope: honest });
  const second = tree.sign('second', 'dan', 'ben', rotate, { envelope: honest });
  const kicked = tree.sign('kicked', 'dan', 'ada', kick('dan'), { envelope: honest });
  const wrong = tree.sign('wrong', 'dan', 'ben', rotate, { envelope: honest, sealed: new Uint8Array(32).fill(1) });
  return [
    good('a slot for each member', 'first', first.bundle),
    good('the receiver is kicked and has no slot', 'kicked', kicked.bundle, false),
    {
      about: 'another secret than the one committed to',
      name: 'wrong',
      bundle: wrong.bundle,
      fault: 'commitment',
      opens: false,
    },
    {
      about: 'the envelope of another event',
      name: 'second',
      bundle: swapped(second.frame.bytes, first.bundle),
      fault: 'envelope-hash',
      opens: false,
    },
    bad('the receiver’s slot is missing', 'slots', (slots) => slots.filter((slot) => !isReceivers(slot))),
    bad('a slot stands twice', 'slots', (slots) => [...slots, ...slots.slice(-1)]),
    bad('the slots are not in order', 'slots', (slots) => slots.toReversed()),
    bad('there are no slots', 'slots', () => []),
    bad('the receiver’s slot does not open', 'slot', (slots) =>
      slots.map((slot): Slot => (isReceivers(slot) ? [slot[0], slot[1], new Uint8Array(48)] : slot)),
    ),
    bad('the receiver’s slot holds the seal of another member', 'slot', (slots) =>
      slots.map((slot): Slot => {
        const [, enc, ciphertext] = slots.find((other) => !isReceivers(other)) ?? slot;
        return isReceivers(slot) ? [slot[0], enc, ciphertext] : slot;
      }),
    ),
  ];
}

function swapped(frame: Uint8Array, other: Uint8Array): Uint8Array {
  const [, envelope] = decodeCbor(other, { maxBytes: MAX_ENVELOPE_BYTES }) as [Uint8Array, Uint8Array];
  return encodeBundle({ frame, envelope });
}
