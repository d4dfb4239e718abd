import { describe, expect, test } from 'vitest';
import {
  applyEvents,
  history,
  type MeshDatabase,
  openDatabase,
  openGossip,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { eventOfEpoch, forge } from './support/forge.js';
import { deliver, openGroup, START } from './support/peers.js';
import { unchanged } from './support/unchanged.js';

/** A history of a few events with a losing branch, and some gossip, as cleo has it. */
async function grown(): Promise<MeshDatabase> {
  const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
  openGossip(cleo, sealGossip(ada, Uint8Array.of(1)));
  openGossip(cleo, sealGossip(ben, Uint8Array.of(2)));
  const losing = rotateEpoch(ben);
  deliver(rotateEpoch(ada).bundle, [cleo]);
  deliver(losing.bundle, [cleo]);
  sealGossip(cleo, Uint8Array.of(3));
  return cleo;
}

describe('Verifying the history', () => {
  test('counts what is right, changes nothing, and finds no problem', async () => {
    const db = await grown();
    expect(unchanged(db, () => verifyHistory(db))).toMatchObject({
      ok: true,
      epochs: 4,
      events: 5,
      // five events, two embedded join requests, three messages
      signatures: 10,
      envelopes: 3,
      secrets: 3,
      messages: 3,
      problems: [],
    });
  });

  test('says the same of the exported and reopened database', async () => {
    const db = await grown();
    const reopened = await openDatabase({ bytes: db.export(), now: () => START });
    expect(verifyHistory(reopened)).toEqual(verifyHistory(db));
  });

  const flipLast = (column: string) =>
    `substr(${column}, 1, length(${column}) - 1) || (CASE substr(hex(${column}), -1) WHEN '0' THEN x'01' ELSE x'00' END)`;
  const frameFlip = (table: string) => `UPDATE ${table} SET frame = CAST(${flipLast('frame')} AS BLOB)`;

  test.each([
    ['an event with changed bytes', `${frameFlip('mesh_event')} WHERE epoch = 2`],
    ['a genesis with changed bytes', `${frameFlip('mesh_event')} WHERE epoch = 0`],
    ['an event that is cut short', "UPDATE mesh_event SET frame = x'8501' WHERE epoch = 3"],
    [
      'another event under an id',
      'UPDATE mesh_event SET frame = (SELECT frame FROM mesh_event WHERE epoch = 1) WHERE epoch = 2',
    ],
    ['an epoch number that is not the event’s', 'UPDATE mesh_event SET epoch = 9 WHERE epoch = 3 AND on_head_path = 0'],
    ['an actor that is not the event’s', 'UPDATE mesh_event SET actor = zeroblob(32) WHERE epoch = 3'],
    ['a target where nobody was kicked', 'UPDATE mesh_event SET target = zeroblob(32) WHERE epoch = 3'],
    [
      'a head that the rule does not choose',
      'UPDATE mesh_event SET on_head_path = 0 WHERE epoch = 3 AND on_head_path = 1',
    ],
    ['a kick that stands although it is none', 'UPDATE mesh_event SET standing = 1 WHERE epoch = 1'],
    ['a member with another key', "UPDATE mesh_roster SET sign_pub = zeroblob(32) WHERE member_id = 'cleo'"],
    ['a member with another DH key', "UPDATE mesh_roster SET dh_pub = zeroblob(32) WHERE member_id = 'cleo'"],
    ['a member with another name', "UPDATE mesh_roster SET member_id = 'mallory' WHERE member_id = 'ben'"],
    ['a member with another role', "UPDATE mesh_roster SET role = 'admin' WHERE member_id = 'cleo'"],
    ['a secret that was not committed to', 'UPDATE mesh_secret SET secret = zeroblob(32)'],
    ['an envelope with changed bytes', `UPDATE mesh_envelope SET envelope = CAST(${flipLast('envelope')} AS BLOB)`],
    ['a message with changed bytes', frameFlip('mesh_gossip')],
    ['a message at another place', 'UPDATE mesh_gossip SET seq = 7 WHERE arrival = 1'],
    ['a message that is cut short', "UPDATE mesh_gossip SET frame = x'00'"],
  ])('finds %s', async (_, sql) => {
    const db = await grown();
    db.sql.run(sql);
    const report = verifyHistory(db);
    expect(report.ok).toBe(false);
    expect(report.problems.length).toBeGreaterThan(0);
    for (const problem of report.problems) expect(problem).toMatch(/^[^\n]{10,250}$/);
  });

  test('finds a signature by another key, which does not change an id', async () => {
    const db = await grown();
    const { frame } = forge(db, { change: { kind: 'rotate' } });
    const event = db.sql.get('SELECT frame FROM mesh_event WHERE epoch = 1')?.frame as Uint8Array;
    const signatureAt = 1 + 1 + 1 + 'event'.length + 34 + 2;
    const resigned = event.slice();
    resigned.set(frame.subarray(signatureAt, signatureAt + 64), signatureAt);
    db.sql.run('UPDATE mesh_event SET frame = ? WHERE epoch = 1', [resigned]);
    expect(verifyHistory(db).problems[0]).toMatch(/^event .* of epoch 1: the signature does not verify$/);
  });
});

describe('The history', () => {
  test('lists every event with names, losing branches included', async () => {
    const db = await grown();
    const listed = history(db).map(({ epoch, kind, actor, subject, onHeadPath, hasSecret }) => {
      return [epoch, kind, actor, subject, onHeadPath, hasSecret];
    });
    expect(listed.slice(0, 3)).toEqual([
      [0, 'genesis', 'ada', 'ada', true, false],
      [1, 'add', 'ada', 'ben', true, false],
      [2, 'add', 'ada', 'cleo', true, true],
    ]);
    expect(listed.slice(3).sort((a, b) => `${a}`.localeCompare(`${b}`))).toEqual([
      [3, 'rotate', 'ada', null, true, true],
      [3, 'rotate', 'ben', null, false, true],
    ]);
    const [genesis, first] = history(db);
    expect(genesis).toMatchObject({ parent: null, createdAt: START, eventId: eventOfEpoch(db, 0) });
    expect(first?.parent).toEqual(genesis?.eventId);
  });

  test('of a database without a group is empty', async () => {
    expect(history(await openDatabase())).toEqual([]);
  });
});

test('An event that was applied from another peer is stored as it was received', async () => {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  const { bundle, eventId } = rotateEpoch(ada);
  applyEvents(ben, [bundle]);
  const frame = (db: MeshDatabase) => db.sql.get('SELECT frame FROM mesh_event WHERE event_id = ?', [eventId])?.frame;
  expect(frame(ben)).toEqual(frame(ada));
});
