/** The published vectors: what another implementation reads from the files, this one must find too. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { base64urlDecode } from '../../src/codec/base64url.js';
import { parseFrame } from '../../src/codec/frame.js';
import { applyEvents, openDatabase, roster } from '../../src/index.js';
import { decodeBundle } from '../../src/mesh/bundle.js';
import { loadSecret } from '../../src/mesh/envelope-store.js';
import { allEvents, findHead } from '../../src/mesh/event-store.js';
import { MAX_FRAME_BYTES } from '../../src/mesh/limits.js';
import { toHex } from '../support/hex.js';
import { startReader } from '../support/membership/signed-tree.js';
import { type MembershipVectors, membershipVectors, type TreeVector } from '../support/membership/vectors.js';

function read<Name extends keyof MembershipVectors>(name: Name): MembershipVectors[Name] {
  return JSON.parse(readFileSync(new URL(`../vectors/membership/${name}`, import.meta.url), 'utf8'));
}

/** A database that starts from a vector's genesis. */
async function openAt({ genesis }: TreeVector, name = 'reader') {
  const db = await openDatabase({ now: () => 0 });
  startReader(db, parseFrame(decodeBundle(base64urlDecode(genesis)).frame, { maxBytes: MAX_FRAME_BYTES }), name);
  return db;
}

/** Delivers a vector's bundles, with the outcome of each. */
async function deliver(vector: TreeVector, name?: string) {
  const db = await openAt(vector, name);
  for (const { bundle, outcome, rule } of vector.arrivals) {
    const [result] = applyEvents(db, [base64urlDecode(bundle)]).results;
    expect(result).toMatchObject(rule === undefined ? { outcome } : { outcome, rule });
  }
  return db;
}

describe.each(['forks.json', 'trees.json'] as const)('The vectors of %s', (file) => {
  test.each(read(file).cases.map((vector) => [vector.title, vector] as const))('%s', async (_, vector) => {
    const db = await deliver(vector);
    const { after } = vector;
    const head = findHead(db);
    expect(head?.epoch).toBe(after.epoch);
    expect(toHex(head?.id as Uint8Array)).toBe(after.head);
    expect(
      roster(db).map(({ memberId, mid, signPub, dhPub, role }) => [
        memberId,
        toHex(mid),
        toHex(signPub),
        toHex(dhPub),
        role,
      ]),
    ).toEqual(
      after.roster.map(({ member_id, mid, sign_pub, dh_pub, role }) => [member_id, mid, sign_pub, dh_pub, role]),
    );
    const standing = allEvents(db).filter((event) => event.standing);
    expect(standing.map(({ id }) => toHex(id))).toEqual(after.standing_kicks);
    db.close();
  });
});

describe('The vectors of refused.json', () => {
  const { group, refused } = read('refused.json');

  test.each(refused.map(({ rule, about, bundle }) => [rule, about, bundle] as const))(
    '%s: %s',
    async (rule, _, bundle) => {
      const db = await deliver(group);
      const { results, headAfter } = applyEvents(db, [base64urlDecode(bundle)]);
      expect(results).toMatchObject([{ outcome: 'refused', rule }]);
      expect(toHex(headAfter)).toBe(group.after.head);
      db.close();
    },
  );
});

describe('The vectors of envelopes.json', () => {
  const { group, receiver, cases } = read('envelopes.json');

  test.each(cases.map((vector) => [vector.about, vector] as const))('%s', async (_, { bundle, fault, secret }) => {
    const db = await deliver(group, receiver.member_id);
    const [result] = applyEvents(db, [base64urlDecode(bundle)]).results;
    expect(result).toMatchObject({ outcome: 'applied', envelope: fault === null ? 'stored' : 'refused' });
    expect(result?.fault ?? null).toBe(fault);
    const learned = loadSecret(db, result?.eventId as Uint8Array);
    expect(learned === null ? null : toHex(learned)).toBe(secret);
    db.close();
  });
});

test('The vectors are what their generator makes; but for envelopes, whose seals are random', async () => {
  const made = await membershipVectors();
  for (const name of ['forks.json', 'trees.json', 'refused.json'] as const) expect(read(name)).toEqual(made[name]);
});
