/** Faults: taken once, bounded for each member, and gone once they were taken back. */
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { signFrame } from '../../src/codec/frame.js';
import {
  applyEvents,
  applyFault,
  eventsSince,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  rotateEpoch,
} from '../../src/index.js';
import { decodeBundle, encodeBundle } from '../../src/mesh/bundle.js';
import { FAULT_REASONS } from '../../src/mesh/envelope.js';
import { requireMembership } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { MAX_FAULTS_OF_MEMBER } from '../../src/mesh/limits.js';
import { deliver, openGroup, START } from './support/peers.js';
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

const isKept = (db: MeshDatabase, report: Uint8Array) =>
  db.sql.get('SELECT 1 FROM mesh_fault WHERE frame = ?', [report]) !== undefined;

describe('Faults of a member', () => {
  test('that are known change nothing, and beyond a hundred the earliest gives way to a later one', async () => {
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
    applyFault(ada, beyond);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER);
    unchanged(ada, () => applyFault(ada, beyond));
    const { rollbacks } = ada;
    const gone = reports.slice(0, FAULT_REASONS.length).filter((report) => !isKept(ada, report));
    expect(gone).toHaveLength(1);
    expect(refusal(ada, () => applyFault(ada, gone[0] as Uint8Array)).code).toBe('too-many-faults');
    expect(ada.rollbacks).toBe(rollbacks);

    applyFault(ada, reportsOf(cleo, events)[0] as Uint8Array);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER + 1);
  });

  test('about a losing branch give way to one about the head, however long the branch is', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const lost: Uint8Array[] = [];
    while (lost.length * FAULT_REASONS.length < MAX_FAULTS_OF_MEMBER) {
      const { eventId, bundle } = rotateEpoch(ben);
      deliver(bundle, [cleo]);
      lost.push(eventId);
    }
    const { bundle } = rotateEpoch(ada);
    deliver(bundle, [cleo]);
    applyEvents(ada, eventsSince(cleo));
    for (const report of reportsOf(ben, lost)) applyFault(ada, report);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER);
    const head = meshStatus(ada).group?.head as Uint8Array;
    expect(lost).not.toContainEqual(head);
    for (const report of reportsOf(ben, [head])) applyFault(ada, report);
    expect(meshStatus(ada).group?.faults).toHaveLength(FAULT_REASONS.length);
    expect(countFaults(ada)).toBe(MAX_FAULTS_OF_MEMBER);
  });
});

describe("A peer's own report", () => {
  test('does not come back from those who were told, once it was taken back', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { bundle } = rotateEpoch(ada);
    const { frame, envelope } = decodeBundle(bundle);
    applyEvents(ben, [encodeBundle({ frame, envelope: (envelope as Uint8Array).map((byte) => byte ^ 1) })]);
    const report = meshStatus(ben).group?.faults[0]?.frame as Uint8Array;
    applyFault(ada, report);
    applyEvents(ben, [bundle]);
    expect(meshStatus(ben).group).toMatchObject({ hasSecret: true, faults: [] });
    unchanged(ben, () => applyFault(ben, report));
    expect(meshStatus(ada).group?.faults).toHaveLength(1);
  });

  test('is heard in a copy of it that has lost the secret', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { bundle } = rotateEpoch(ada);
    const copy = await openDatabase({ bytes: ben.export(), now: () => START });
    const { frame, envelope } = decodeBundle(bundle);
    applyEvents(ben, [encodeBundle({ frame, envelope: (envelope as Uint8Array).map((byte) => byte ^ 1) })]);
    applyEvents(copy, [encodeBundle({ frame, envelope: null })]);
    applyFault(copy, meshStatus(ben).group?.faults[0]?.frame as Uint8Array);
    expect(meshStatus(copy).group?.faults).toHaveLength(1);
  });

  test('gives way to later ones like those of others', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (let i = 0; i <= MAX_FAULTS_OF_MEMBER; i++) {
      const { frame } = decodeBundle(rotateEpoch(ada).bundle);
      applyEvents(ben, [encodeBundle({ frame, envelope: new Uint8Array(1) })]);
    }
    expect(countFaults(ben)).toBe(MAX_FAULTS_OF_MEMBER);
    expect(meshStatus(ben).group?.faults).toHaveLength(1);
  });
});
