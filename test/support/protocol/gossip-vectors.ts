/**
 * Vectors of gossip: a group's history, the messages that one of its members receives, and what it makes of each.
 *
 * @module
 */
import { base64urlEncode } from '../../../src/codec/base64url.js';
import { encodeCbor } from '../../../src/codec/cbor.js';
import { parseFrame, signFrame } from '../../../src/codec/frame.js';
import { withSeededRandomness } from '../../../src/conformance/seeded-randomness.js';
import { PAST_CUT, playStory, type Story, WITHIN_CUT } from '../../../src/conformance/story.js';
import { eventsSince, loadIdentity, type MeshDatabase, type MeshIdentity, roster } from '../../../src/index.js';
import { loadSecret } from '../../../src/mesh/envelope-store.js';
import { type EventNode, findEpoch } from '../../../src/mesh/event-store.js';
import { decodeGossip, type GossipHeader, gossipKey, signGossip } from '../../../src/mesh/gossip-message.js';
import { loadGroupId } from '../../../src/mesh/identity.js';
import { MAX_GOSSIP_BYTES } from '../../../src/mesh/limits.js';
import { toHex } from '../hex.js';

/** Whoever forges: real keys, and whatever is wanted around them. */
class Forger {
  readonly #db: MeshDatabase;
  readonly #keys: MeshIdentity;
  readonly groupId: Uint8Array;
  readonly mid: Uint8Array;

  constructor(db: MeshDatabase) {
    this.#db = db;
    this.#keys = loadIdentity(db) as MeshIdentity;
    this.groupId = loadGroupId(db) as Uint8Array;
    this.mid = roster(db, 3).find(({ memberId }) => memberId === this.#keys.memberId)?.mid ?? new Uint8Array(32);
  }

  eventOf(epoch: number): Uint8Array {
    return (findEpoch(this.#db, epoch) as EventNode).id;
  }

  keyOf(epoch: number): Uint8Array {
    const eventId = this.eventOf(epoch);
    return gossipKey(loadSecret(this.#db, eventId) as Uint8Array, this.groupId, eventId, this.mid);
  }

  /** A message of the epoch in a stream of its own, or as `header` says. */
  seal(text: string, epoch: number, header: Partial<GossipHeader> = {}, mid = this.mid, keyEpoch = epoch): Uint8Array {
    const place = { streamId: new Uint8Array(16).fill(9), seq: 0, prevMsgId: null };
    const whole = { groupId: this.groupId, eventId: this.eventOf(epoch), ...place, ...header };
    const sender = { mid, signPriv: this.#keys.signPriv, key: this.keyOf(keyEpoch) };
    return signGossip(sender, whole, new TextEncoder().encode(text)).bytes;
  }

  /** The frame of another type, or by another signer, around a payload. */
  sign(type: string, mid: Uint8Array, payload: Uint8Array): Uint8Array {
    return signFrame(type, mid, this.#keys.signPriv, payload).bytes;
  }
}

function accepted(story: Story, ada: Forger) {
  const said = (name: string) => story.steps.find((step) => step.name === name)?.content as Uint8Array;
  return [
    ['a message of an earlier epoch, by a member', said('gossip of ada in epoch 2'), 'the pears are ripe'],
    ['a message of a kicked member, within the cut of the kick', said(WITHIN_CUT), 'I have two baskets'],
    ['the first message of another stream', ada.seal('one', 5), 'one'],
    ['an empty message', ada.seal('', 5, { streamId: new Uint8Array(16).fill(8) }), ''],
  ] as const;
}

function refused(story: Story, ada: Forger) {
  const past = story.steps.find((step) => step.name === PAST_CUT)?.content as Uint8Array;
  const good = ada.seal('good', 5, { streamId: new Uint8Array(16).fill(7) });
  const frame = parseFrame(good, { maxBytes: MAX_GOSSIP_BYTES });
  const header = decodeGossip(frame);
  /** The payload of the good message, parts of it exchanged. */
  const changed = (parts: Partial<typeof header>) => {
    const { groupId, eventId, streamId, nonce, ciphertext } = { ...header, ...parts };
    return encodeCbor([groupId, eventId, streamId, 0, null, nonce, ciphertext]);
  };
  const unknown = new Uint8Array(32).fill(1);
  const taken = { streamId: new Uint8Array(16).fill(9), seq: 0, prevMsgId: null };
  const spoiledSignature = encodeCbor([1, 'gossip', frame.signer, frame.signature.with(5, 0), frame.payload]);
  return [
    ['a kicked member’s message past the cut of the kick', 'past-cut', past],
    ['a changed signature', 'signature', spoiledSignature],
    [
      'sealed with the key of another epoch',
      'seal',
      ada.seal('moved', 5, { streamId: new Uint8Array(16).fill(6) }, ada.mid, 4),
    ],
    [
      'its place in the stream changed after sealing',
      'seal',
      ada.sign('gossip', ada.mid, changed({ streamId: new Uint8Array(16).fill(5) })),
    ],
    ['of another group', 'wrong-group', ada.seal('elsewhere', 5, { groupId: unknown })],
    ['by a member instance that nobody has heard of', 'not-a-member', ada.seal('who', 5, {}, unknown)],
    ['in an epoch that began with an unknown event', 'unknown-event', ada.seal('when', 5, { eventId: unknown })],
    ['a second message at a taken place', 'equivocation', ada.seal('two', 5, taken)],
    [
      'the second of a stream that names another first',
      'broken-chain',
      ada.seal('next', 5, { ...taken, seq: 1, prevMsgId: unknown }),
    ],
    [
      'a first message that names one before',
      'broken-chain',
      ada.seal('first', 5, { ...taken, streamId: new Uint8Array(16).fill(4), prevMsgId: unknown }),
    ],
    ['a frame of another type', 'type', ada.sign('fault', ada.mid, frame.payload)],
    ['a byte after the frame', 'encoding', Uint8Array.of(...good, 0)],
    ['a nonce of 12 bytes', 'shape', ada.sign('gossip', ada.mid, changed({ nonce: header.nonce.subarray(12) }))],
  ] as const;
}

/** The content of `gossip.json` and `story.json`. */
export async function gossipVectors() {
  const story = await playStory();
  const { ada, ben } = story.peers;
  const forger = new Forger(ada);
  const receiver = loadIdentity(ben) as MeshIdentity;
  const secret = loadSecret(ada, forger.eventOf(5)) as Uint8Array;
  const cases = withSeededRandomness('arborist-mesh gossip vectors', () => ({
    accepted: accepted(story, forger),
    refused: refused(story, forger),
  }));
  const content = {
    'gossip.json': {
      source: 'Gossip of docs/protocol.md',
      key: {
        group_id: toHex(forger.groupId),
        event_id: toHex(forger.eventOf(5)),
        mid: toHex(forger.mid),
        epoch_secret: toHex(secret),
        key: toHex(forger.keyOf(5)),
      },
      receiver: {
        member_id: receiver.memberId,
        sign_priv: toHex(receiver.signPriv),
        dh_priv: toHex(receiver.dhPriv),
      },
      history: eventsSince(ben).map(base64urlEncode),
      accepted: cases.accepted.map(([about, message, payload]) => ({
        about,
        message: base64urlEncode(message),
        payload,
      })),
      refused: cases.refused.map(([about, rule, message]) => ({ about, rule, message: base64urlEncode(message) })),
    },
    'story.json': {
      source: 'A life of a group, from a fixed seed',
      steps: story.steps.map(({ name, kind, by, content }) => ({
        name,
        kind,
        by,
        ...(typeof content === 'string' ? { text: content } : { bytes: base64urlEncode(content) }),
      })),
    },
  };
  for (const db of Object.values(story.peers)) db.close();
  return content;
}
