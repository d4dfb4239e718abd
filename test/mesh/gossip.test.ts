import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { parseFrame, signFrame } from '../../src/codec/frame.js';
import {
  AuthenticationError,
  type CodecError,
  conflicts,
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  meshStatus,
  NotAMemberError,
  openDatabase,
  openGossip,
  openGossipBatch,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { loadSecret } from '../../src/mesh/envelope-store.js';
import { decodeGossip, type GossipPayload, gossipKey, signGossip } from '../../src/mesh/gossip-message.js';
import { requireMembership } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { eventOfEpoch } from './support/forge.js';
import { deliver, join, openGroup, openPeer, START } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const copyOf = (db: MeshDatabase) => openDatabase({ bytes: db.export(), now: () => START });
const payloadOf = (message: Uint8Array) => decodeGossip(parseFrame(message, { maxBytes: 1 << 24 }));

/** A message with the sender's real keys and whatever header an attacker likes. */
function forgeMessage(db: MeshDatabase, header: Partial<GossipPayload>, text = 'forged'): Uint8Array {
  const { id: groupId, head, self } = requireMembership(db);
  const eventId = header.eventId ?? head.id;
  const secret = loadSecret(db, eventId) ?? new Uint8Array(32);
  const full = { groupId, eventId, streamId: new Uint8Array(16), seq: 0, prevMsgId: null, ...header };
  const sender = { mid: self.mid, signPriv: loadSigningKey(db), key: gossipKey(secret, groupId, eventId, self.mid) };
  return signGossip(sender, full, bytes(text)).bytes;
}

describe('Gossip', () => {
  test('is opened by every member, who learn sender, epoch and place', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const messages = ['first', 'second', 'third'].map((text) => sealGossip(ben, bytes(text)));
    for (const db of [ada, cleo]) {
      const opened = messages.map((message) => openGossip(db, message));
      expect(opened.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['first', 'second', 'third']);
      expect(opened.map(({ seq }) => seq)).toEqual([0, 1, 2]);
      expect(new Set(opened.map(({ streamId }) => streamId.join())).size).toBe(1);
      for (const message of opened) {
        expect(message).toMatchObject({ sender: 'ben', epoch: 2, eventId: eventOfEpoch(db, 2), duplicate: false });
        expect(message.mid).toEqual(meshStatus(ben).group?.mid);
      }
    }
  });

  test('of ten epochs and five members is opened by whoever was a member then', async () => {
    const people = ['ada', 'ben', 'cleo', 'dan', 'eve'] as const;
    const group = await openGroup(people, ['ben']);
    const peers = people.map((name) => group[name]);
    const sealed: { epoch: number; sender: string; message: Uint8Array }[] = [];
    for (let epoch = 4; epoch < 14; epoch++) {
      for (const name of people)
        sealed.push({ epoch, sender: name, message: sealGossip(group[name], bytes(`${name} ${epoch}`)) });
      const admin = epoch % 2 === 0 ? group.ada : group.ben;
      deliver(
        rotateEpoch(admin).bundle,
        peers.filter((peer) => peer !== admin),
      );
    }
    for (const peer of peers) {
      const results = openGossipBatch(
        peer,
        sealed.map(({ message }) => message),
      );
      results.forEach(({ message, error }, i) => {
        const { epoch, sender } = sealed[i] as (typeof sealed)[number];
        expect(error).toBeNull();
        expect(message).toMatchObject({ epoch, sender, payload: bytes(`${sender} ${epoch}`) });
      });
      expect(meshStatus(peer).group?.messages).toBe(50);
      expect(verifyHistory(peer)).toMatchObject({ ok: true, messages: 50 });
    }
  });

  test('takes any payload, also an empty and a long one', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (const length of [0, 1, 70_000, 3_000_000]) {
      const payload = new Uint8Array(length).fill(7);
      expectSameBytes(openGossip(ben, sealGossip(ada, payload)).payload, payload, () => `a payload of ${length} bytes`);
    }
    const tooLong = new Uint8Array(16_777_216);
    expect(refusal(ada, () => sealGossip(ada, tooLong))).toBeInstanceOf(InvalidInputError);
    expect(refusal(ada, () => sealGossip(ada, 'text' as unknown as Uint8Array))).toBeInstanceOf(InvalidInputError);
  });

  test('in any order and with gaps is accepted; a repeated message is a duplicate and changes nothing', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const messages = [0, 1, 2, 3].map((i) => sealGossip(ada, Uint8Array.of(i)));
    for (const i of [3, 0, 2])
      expect(openGossip(ben, messages[i] as Uint8Array)).toMatchObject({ seq: i, duplicate: false });
    const again = unchanged(ben, () => openGossip(ben, messages[2] as Uint8Array));
    expect(again).toMatchObject({
      seq: 2,
      duplicate: true,
      payload: Uint8Array.of(2),
    });
    expect(openGossip(ada, messages[0] as Uint8Array).duplicate).toBe(true);
  });

  test('hides its payload from whoever lacks the epoch secret', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const message = sealGossip(ada, bytes('a text that must not be readable'));
    expect(new TextDecoder('latin1').decode(message)).not.toContain('readable');
    ben.sql.run('DELETE FROM mesh_secret');
    expect(refusal(ben, () => openGossip(ben, message)).code).toBe('no-epoch-secret');
    expect(refusal(ben, () => sealGossip(ben, bytes('x'))).code).toBe('no-epoch-secret');
  });

  test('of an event that is not known yet is refused as such', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { bundle } = rotateEpoch(ada);
    const message = sealGossip(ada, bytes('x'));
    expect(refusal(ben, () => openGossip(ben, message)).code).toBe('unknown-event');
    deliver(bundle, [ben]);
    expect(openGossip(ben, message).epoch).toBe(2);
  });

  test('of a sender who is not known yet is refused as such', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const cleo = await openPeer();
    join(ada, cleo, 'cleo');
    const message = sealGossip(cleo, bytes('x'));
    expect(refusal(ben, () => openGossip(ben, message))).toBeInstanceOf(NotAMemberError);
  });

  test('of another group is refused as such', async () => {
    const { ada } = await openGroup(['ada', 'ben']);
    const other = await openGroup(['ada', 'ben']);
    const message = sealGossip(other.ada, bytes('x'));
    expect(refusal(ada, () => openGossip(ada, message)).code).toBe('wrong-group');
  });
});

describe('a message past a kicked member’s cut, or replayed into another epoch, is refused', () => {
  test('what the kicker had accepted is good, what came later is not, for every peer', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const messages = [0, 1, 2, 3].map((i) => sealGossip(ben, Uint8Array.of(i)));
    openGossip(ada, messages[1] as Uint8Array);
    // cleo has one that the kicker has not.
    openGossip(cleo, messages[2] as Uint8Array);
    deliver(kickMember(ada, 'ben').bundle, [cleo]);
    const verdicts = (db: MeshDatabase) => openGossipBatch(db, messages).map(({ error }) => error?.code ?? 'ok');
    expect(verdicts(ada)).toEqual(['ok', 'ok', 'past-cut', 'past-cut']);
    expect(verdicts(cleo)).toEqual(['ok', 'ok', 'past-cut', 'past-cut']);
  });

  test('another message at the cut’s own place is not', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const streamId = new Uint8Array(16).fill(9);
    openGossip(ada, forgeMessage(ben, { streamId }, 'first'));
    deliver(kickMember(ada, 'ben').bundle, [cleo]);
    const second = forgeMessage(ben, { streamId }, 'second');
    expect(refusal(cleo, () => openGossip(cleo, second)).code).toBe('past-cut');
    const fresh = forgeMessage(ben, { streamId: new Uint8Array(16).fill(8) });
    expect(refusal(cleo, () => openGossip(cleo, fresh)).code).toBe('past-cut');
  });

  test('of a member whose messages no one had accepted, none is good', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const message = sealGossip(ben, bytes('late'));
    deliver(kickMember(ada, 'ben').bundle, [cleo]);
    expect(refusal(cleo, () => openGossip(cleo, message)).code).toBe('past-cut');
  });

  test('a kicked member cannot claim an epoch that it was not a member of', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const kick = kickMember(ada, 'ben');
    deliver(kick.bundle, [cleo]);
    // ben was told the secret of the new epoch by a friend.
    const { id: groupId, self } = requireMembership(ben);
    const secret = loadSecret(cleo, kick.eventId) as Uint8Array;
    const key = gossipKey(secret, groupId, kick.eventId, self.mid);
    const header = { groupId, eventId: kick.eventId, streamId: new Uint8Array(16), seq: 0, prevMsgId: null };
    const message = signGossip({ mid: self.mid, signPriv: loadSigningKey(ben), key }, header, bytes('x')).bytes;
    expect(refusal(cleo, () => openGossip(cleo, message))).toBeInstanceOf(NotAMemberError);
  });

  test('a refused message, whoever repeats it, costs its receiver no stream of its own', async () => {
    const { ada, cleo, eve } = await openGroup(['ada', 'cleo', 'eve']);
    deliver(kickMember(ada, 'eve').bundle, [cleo]);
    const late = sealGossip(eve, bytes('late'));
    const { rollbacks, lineage } = cleo;
    for (let i = 0; i < 3; i++) expect(refusal(cleo, () => openGossip(cleo, late)).code).toBe('past-cut');
    expect({ rollbacks: cleo.rollbacks, lineage: cleo.lineage }).toStrictEqual({ rollbacks, lineage });
  });

  test('a sealed text moved to another epoch, stream, place or sender does not open', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const message = sealGossip(ben, bytes('x'));
    deliver(rotateEpoch(ada).bundle, [ben, cleo]);
    const original = payloadOf(message);
    const { self, head } = requireMembership(ben);
    const resigned = (changes: Partial<GossipPayload>, mid = self.mid, signPriv = loadSigningKey(ben)) => {
      const { groupId, eventId, streamId, seq, prevMsgId, nonce, ciphertext } = { ...original, ...changes };
      const payload = encodeCbor([groupId, eventId, streamId, seq, prevMsgId, nonce, ciphertext]);
      return signFrame('gossip', mid, signPriv, payload).bytes;
    };
    const moved = [
      resigned({ eventId: head.id }),
      resigned({ streamId: new Uint8Array(16) }),
      resigned({ seq: 1, prevMsgId: new Uint8Array(32) }),
      resigned({ nonce: new Uint8Array(24) }),
      resigned({}, requireMembership(ada).self.mid, loadSigningKey(ada)),
    ];
    for (const attempt of moved) {
      expect(refusal(cleo, () => openGossip(cleo, attempt))).toBeInstanceOf(AuthenticationError);
    }
    expect(openGossip(cleo, message).payload).toEqual(bytes('x'));
  });
});

describe('a restored backup repeats no AEAD nonce and frames no one', () => {
  test('the restored database begins a new stream, with new nonces', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    sealGossip(ben, bytes('before the backup'));
    const restored = await copyOf(ben);
    const messages = [ben, restored].flatMap((db) => [1, 2, 3].map((i) => sealGossip(db, Uint8Array.of(i))));
    for (const message of messages) expect(openGossip(ada, message).duplicate).toBe(false);
    expect(new Set(messages.map((message) => payloadOf(message).nonce.join())).size).toBe(6);
    expect(new Set(messages.map((message) => payloadOf(message).streamId.join())).size).toBe(2);
    expect(conflicts(ada)).toEqual([]);
  });

  test('so does one whose transaction was undone after a message was handed out', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    openGossip(ada, sealGossip(ben, bytes('first')));
    let handedOut: Uint8Array = new Uint8Array();
    const undone = () =>
      ben.transaction(() => {
        handedOut = sealGossip(ben, bytes('lost'));
        throw new Error('undone');
      });
    expect(undone).toThrow('undone');
    const next = sealGossip(ben, bytes('next'));
    expect(openGossip(ada, handedOut).seq).toBe(1);
    expect(openGossip(ada, next).seq).toBe(0);
    expect(conflicts(ada)).toEqual([]);
  });
});

describe('Two messages at one place of a stream', () => {
  test('are equivocation: the second is refused, both are kept as proof, nobody is kicked', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const first = forgeMessage(ben, {}, 'one thing');
    const second = forgeMessage(ben, {}, 'another');
    openGossip(ada, first);
    expect(() => openGossip(ada, second)).toThrow(expect.objectContaining({ code: 'equivocation' }));
    expect(conflicts(ada)).toEqual([
      { kind: 'gossip', memberId: 'ben', mid: meshStatus(ben).group?.mid, frames: [first, second] },
    ]);
    expect(meshStatus(ada).group).toMatchObject({ conflicts: 1, members: 2, messages: 1 });
    expect(() => openGossip(ada, second)).toThrow(expect.objectContaining({ code: 'equivocation' }));
    expect(conflicts(ada)).toHaveLength(1);
  });

  test('are kept up to a hundred of one sender', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const messages = Array.from({ length: 120 }, (_, i) => forgeMessage(ben, {}, `${i}`));
    expect(openGossipBatch(ada, messages).filter(({ error }) => error?.code === 'equivocation')).toHaveLength(119);
    expect(conflicts(ada)).toHaveLength(100);
  });

  test('that do not link to their neighbours are refused', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const first = forgeMessage(ben, {});
    const firstId = openGossip(ada, first).msgId;
    const wrongLinks: Partial<GossipPayload>[] = [
      { seq: 1, prevMsgId: new Uint8Array(32) },
      { seq: 1, prevMsgId: null },
      { streamId: new Uint8Array(16).fill(1), seq: 0, prevMsgId: firstId },
    ];
    for (const header of wrongLinks) {
      const message = forgeMessage(ben, header);
      expect(refusal(ada, () => openGossip(ada, message)).code).toBe('broken-chain');
    }
    const third = forgeMessage(ben, { seq: 2, prevMsgId: new Uint8Array(32).fill(1) });
    openGossip(ada, third);
    const between = forgeMessage(ben, { seq: 1, prevMsgId: firstId });
    expect(refusal(ada, () => openGossip(ada, between)).code).toBe('broken-chain');
  });
});

describe('A batch', () => {
  test('gives each message the result that it has alone, and one bad one does not hold up the others', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const good = [0, 1, 2].map((i) => sealGossip(ada, Uint8Array.of(i)));
    const broken = (good[1] as Uint8Array).slice();
    broken[200] = (broken[200] as number) ^ 1;
    const messages = [good[0], broken, good[0], new Uint8Array(3), good[2]] as Uint8Array[];
    const results = openGossipBatch(ben, messages);
    const codes = results.map(({ error, message }) => error?.code ?? (message?.duplicate ? 'duplicate' : 'ok'));
    expect(codes).toEqual(['ok', 'authentication-failed', 'duplicate', 'codec', 'ok']);
    const alone = messages.map((message) => {
      try {
        return openGossip(cleo, message).duplicate ? 'duplicate' : 'ok';
      } catch (error) {
        return (error as CodecError).code;
      }
    });
    expect(alone).toEqual(codes);
  });

  test('of anything but byte arrays is refused', async () => {
    const { ada } = await openGroup(['ada']);
    for (const messages of [null, 'x', [1], [new Uint8Array(1), 'x']] as unknown as Uint8Array[][]) {
      expect(refusal(ada, () => openGossipBatch(ada, messages))).toBeInstanceOf(InvalidInputError);
    }
    expect(openGossipBatch(ada, [])).toEqual([]);
  });
});
