/**
 * Membership: which events are valid, which of them is the head, and what a member makes of envelopes.
 *
 * @module
 */
import { base64urlDecode } from '../../codec/base64url.js';
import { applyEvents, conflicts, type MeshDatabase, roster } from '../../index.js';
import { loadSecret } from '../../mesh/envelope-store.js';
import { allEvents, findHead } from '../../mesh/event-store.js';
import type { Area, CheckContext } from '../area.js';
import { expectEqual } from '../expect.js';
import { toHex } from '../hex.js';
import { openReader, type Reader } from '../reader.js';
import { readVectors } from '../vectors.js';

interface TreeVector {
  readonly title: string;
  readonly genesis: string;
  readonly arrivals: readonly { readonly bundle: string; readonly outcome: string; readonly rule?: string }[];
  readonly after: {
    readonly epoch: number;
    readonly head: string;
    readonly roster: readonly Readonly<Record<'member_id' | 'mid' | 'sign_pub' | 'dh_pub' | 'role', string>>[];
    readonly standing_kicks: readonly string[];
    readonly equivocators: readonly string[];
  };
}

/** Delivers a vector's bundles one by one, each with its outcome. */
async function deliver({ genesis, arrivals, title }: TreeVector, reader?: Reader): Promise<MeshDatabase> {
  const db = await openReader([genesis], reader);
  for (const { bundle, outcome, rule } of arrivals) {
    const [result] = applyEvents(db, [base64urlDecode(bundle)]).results;
    expectEqual(`${title}: outcome`, result?.outcome as string | undefined, outcome);
    expectEqual(`${title}: rule`, result?.rule as string | undefined, rule);
  }
  return db;
}

function stateOf(db: MeshDatabase): string {
  const head = findHead(db);
  return JSON.stringify({
    epoch: head?.epoch,
    head: head && toHex(head.id),
    roster: roster(db).map(({ memberId, mid, signPub, dhPub, role }) => [
      memberId,
      toHex(mid),
      toHex(signPub),
      toHex(dhPub),
      role,
    ]),
    standing_kicks: allEvents(db).flatMap(({ id, standing }) => (standing ? [toHex(id)] : [])),
    equivocators: [...new Set(conflicts(db).map(({ mid }) => toHex(mid)))].sort(),
  });
}

function expectedState({ epoch, head, roster, standing_kicks, equivocators }: TreeVector['after']): string {
  const entries = roster.map(({ member_id, mid, sign_pub, dh_pub, role }) => [member_id, mid, sign_pub, dh_pub, role]);
  return JSON.stringify({ epoch, head, roster: entries, standing_kicks, equivocators });
}

function checkTrees(file: string) {
  return async ({ record }: CheckContext) => {
    for (const vector of readVectors<{ source: string; cases: TreeVector[] }>(file).cases) {
      const db = await deliver(vector);
      expectEqual(vector.title, stateOf(db), expectedState(vector.after));
      db.close();
      const late = await openReader([vector.genesis]);
      applyEvents(late, vector.arrivals.map(({ bundle }) => base64urlDecode(bundle)).reverse());
      expectEqual(`${vector.title}, in reverse`, stateOf(late), expectedState(vector.after));
      late.close();
      record(vector.title, vector.after.head);
    }
  };
}

/** See the module's header. */
export const MEMBERSHIP: Area = {
  name: 'membership',
  checks: [
    {
      name: 'the hard cases of forks end at the head that they must end at, in either order',
      run: checkTrees('membership/forks.json'),
    },
    { name: 'random trees end at one head, in either order', run: checkTrees('membership/trees.json') },
    {
      name: 'an event that breaks a rule is refused by that rule, and changes nothing',
      run: async ({ record }) => {
        const { group, refused } = readVectors<{
          source: string;
          group: TreeVector;
          refused: Record<'rule' | 'about' | 'bundle', string>[];
        }>('membership/refused.json');
        const db = await deliver(group);
        for (const { rule, about, bundle } of refused) {
          const [result] = applyEvents(db, [base64urlDecode(bundle)]).results;
          expectEqual(about, result?.rule as string | undefined, rule);
          expectEqual(`${about}: state`, stateOf(db), expectedState(group.after));
        }
        db.close();
        record('refused', refused.length);
      },
    },
    {
      name: 'a member learns secrets from right envelopes only, and tells what is wrong with the others',
      run: async ({ record }) => {
        const { receiver, group, cases } = readVectors<{
          source: string;
          receiver: Reader;
          group: TreeVector;
          cases: { about: string; bundle: string; fault: string | null; secret: string | null }[];
        }>('membership/envelopes.json');
        for (const { about, bundle, fault, secret } of cases) {
          const db = await deliver(group, receiver);
          const [result] = applyEvents(db, [base64urlDecode(bundle)]).results;
          expectEqual(`${about}: fault`, (result?.fault ?? null) as string | null, fault);
          const learned = result?.eventId ? loadSecret(db, result.eventId) : null;
          expectEqual(`${about}: secret`, learned && toHex(learned), secret);
          db.close();
          record(about, secret);
        }
      },
    },
  ],
};
