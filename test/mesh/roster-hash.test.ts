/** The roster hash, computed from the bytes of the roster hashed before, against the formula. */
import { createHash } from 'node:crypto';
import { encode } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../src/bytes.js';
import { type MeshRosterEntry, Roster } from '../../src/mesh/roster.js';

/** A member whose keys follow from a number; keys of neighbouring numbers lie anywhere in the order. */
function memberOf(number: number): MeshRosterEntry {
  const bytes = (what: string) => new Uint8Array(createHash('sha256').update(`${what} ${number}`).digest());
  return {
    memberId: `${number % 7 === 0 ? 'ä'.repeat(number % 30) : 'member'}-${number}`,
    mid: bytes('mid'),
    signPub: bytes('sign'),
    dhPub: bytes('dh'),
    role: number % 5 === 0 ? 'admin' : 'member',
    sinceEpoch: number,
  };
}

const MEMBERS = Array.from({ length: 600 }, (_, number) => memberOf(number));

function expectedHash({ members }: Roster): Uint8Array {
  const entries = members.map(({ signPub, dhPub, memberId, role }) => [signPub, dhPub, memberId, role]);
  return new Uint8Array(createHash('sha256').update('arborist-mesh/1 roster\0').update(encode(entries)).digest());
}

test('is the hash over the entries in order, whichever rosters were hashed before: members come and go, and rosters alternate', () => {
  const steps = fc.array(fc.record({ roster: fc.nat(2), member: fc.nat(MEMBERS.length - 1) }), { maxLength: 80 });
  const sizes = fc.tuple(fc.constantFrom(0, 20, 255), fc.constantFrom(1, 23, 256), fc.nat(300));
  fc.assert(
    fc.property(sizes, steps, (counts, changes) => {
      const rosters = counts.map((count) => {
        return new Roster(MEMBERS.slice(0, count).sort((a, b) => compareBytes(a.signPub, b.signPub)));
      });
      for (const { roster: index, member: number } of changes) {
        const roster = rosters[index] as Roster;
        const member = MEMBERS[number] as MeshRosterEntry;
        const present = roster.bySignPub(member.signPub);
        expect(present).toBe(roster.members.find((other) => other === member) ?? null);
        const next = present === null ? roster.with(member) : roster.without(member.mid);
        expect(next.hash).toEqual(expectedHash(next));
        rosters[index] = next;
      }
      expect(rosters.map(({ hash }) => hash)).toEqual(rosters.map(expectedHash));
    }),
    { numRuns: 60 },
  );
});
