import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/codec/cbor.js';
import {
  checkMembershipProof,
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  MeshError,
  membershipProof,
  meshStatus,
  NotAMemberError,
  roster,
  rotateEpoch,
} from '../../src/index.js';
import { deliver, openGroup } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

const groupId = (db: MeshDatabase) => meshStatus(db).group?.groupId as Uint8Array;

describe('A proof of membership', () => {
  test('shows key, role and epoch to whoever knows the group id, also after a kick', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    deliver(rotateEpoch(ada).bundle, [cleo]);
    deliver(kickMember(ada, 'ben').bundle, [cleo]);
    for (const [memberId, epoch] of [
      ['ada', 0],
      ['ada', 4],
      ['ben', 1],
      ['ben', 3],
      ['cleo', 2],
      ['cleo', 4],
    ] as const) {
      const proof = unchanged(cleo, () => membershipProof(cleo, memberId, epoch));
      const expected = roster(ada, epoch).find((member) => member.memberId === memberId);
      expect(checkMembershipProof(proof, groupId(ben))).toMatchObject({ ...expected, epoch });
    }
  });

  test('cannot be made for a time when someone was no member', async () => {
    const { ada } = await openGroup(['ada', 'ben']);
    kickMember(ada, 'ben');
    expect(refusal(ada, () => membershipProof(ada, 'ben', 0))).toBeInstanceOf(NotAMemberError);
    expect(refusal(ada, () => membershipProof(ada, 'ben', 2))).toBeInstanceOf(NotAMemberError);
    expect(refusal(ada, () => membershipProof(ada, 'ben', 3)).code).toBe('unknown-epoch');
  });

  test('is made of a name and an epoch', async () => {
    const { ada } = await openGroup(['ada', 'ben']);
    for (const epoch of [0.5, -1, Number.NaN, undefined, null, '1', 1n] as unknown as number[]) {
      expect(refusal(ada, () => membershipProof(ada, 'ben', epoch))).toBeInstanceOf(InvalidInputError);
    }
    for (const memberId of [5, 10n, undefined, null, '', new Uint8Array(5)] as unknown as string[]) {
      expect(refusal(ada, () => membershipProof(ada, memberId, 0))).toBeInstanceOf(InvalidInputError);
    }
  });

  test('does not hold for another group, another member or a changed chain', async () => {
    const { ada } = await openGroup(['ada', 'ben', 'cleo']);
    const id = groupId(ada);
    const proof = membershipProof(ada, 'ben', 2);
    const [, mid, chain] = decodeCbor(proof, { maxBytes: 1 << 20, what: 'proof' }) as [
      Uint8Array,
      Uint8Array,
      Uint8Array[],
    ];
    const [genesis, first, second] = chain as [Uint8Array, Uint8Array, Uint8Array];
    const bad = [
      encodeCbor([new Uint8Array(32), mid, chain]),
      encodeCbor([id, new Uint8Array(32), chain]),
      encodeCbor([id, mid, []]),
      encodeCbor([id, mid, [genesis]]),
      encodeCbor([id, mid, [first, second]]),
      encodeCbor([id, mid, [genesis, second]]),
      encodeCbor([id, mid, [genesis, first, first]]),
    ];
    for (const attempt of bad) expect(() => checkMembershipProof(attempt, id)).toThrow(MeshError);
    expect(() => checkMembershipProof(proof, new Uint8Array(32))).toThrow(MeshError);
    for (let at = 0; at < proof.length; at += 7) {
      const flipped = proof.slice();
      flipped[at] = (flipped[at] as number) ^ 1;
      expect(() => checkMembershipProof(flipped, id), `byte ${at}`).toThrow(MeshError);
    }
    expect(checkMembershipProof(proof, id).memberId).toBe('ben');
  });
});
