/** Faults of others: taken once, bounded for each member. */
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { signFrame } from '../../src/codec/frame.js';
import { applyFault, type MeshDatabase, rotateEpoch } from '../../src/index.js';
import { FAULT_REASONS } from '../../src/mesh/envelope.js';
import { requireMembership } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { MAX_FAULTS_OF_MEMBER } from '../../src/mesh/limits.js';
import { deliver, openGroup } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

/** Reports that a member signs about each of the events, one for each reason. */
function reportsOf(db: MeshDatabase, eventIds: readonly Uint8Array[]): Uint8Array[] {
  const { id: groupId, self } = requireMembership(db);
  return eventIds.flatMap((eventId) =>
    FAULT_REASONS.map((reason) => {
      const payload = encodeCbor([groupId, eventId, reason]);
      return signFrame('fault', self.mid, loadSigningKey(db), payload).bytes;
    }),
  );
}

const countFaults = (db: MeshDatabase) => db.sql.get('SELECT count(*) AS count FROM mesh_fault')?.count;

describe('Faults of a member', () => {
  test('that are known change nothing, and beyond a hundred are refused, while others are heard', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const events: Uint8Array[] = [];
    while (events.length * FAULT_REASONS.length <= MAX_FAULTS_OF_MEMBER) {
      const { eventId, bundle } = rotateEpoch(ada);
      deliver(bundle, [ben, cleo]);
      events.push(eventId);
    }
    const reports = reportsOf(ben, events);
    const [first] = reports as [Uint8Array];
    applyFault(ada, first);
    unchanged(ada, () => applyFault(ada, first));
    expect(countFaults(ada)).toBe(1);

    for (const report of reports.slice(0, MAX_FAULTS_OF_MEMBER)) applyFault(ada, report);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER);
    const beyond = reports[MAX_FAULTS_OF_MEMBER] as Uint8Array;
    expect(refusal(ada, () => applyFault(ada, beyond)).code).toBe('too-many-faults');
    unchanged(ada, () => applyFault(ada, first));

    applyFault(ada, reportsOf(cleo, events)[0] as Uint8Array);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER + 1);
  });
});
