/**
 * Makes the databases of a large group with much gossip, without sealing a secret for anybody: the events are real and carry
 * no envelopes, their secrets are random bytes in the rows that real ones would take, and one database speaks for all
 * members in turn. Each member has told where it can be reached; that is its first message.
 *
 * @module
 */
import { openDatabase, roster, sealGossip } from 'arborist-mesh';
import { publishEndpoint } from 'arborist-mesh/wire';
import { byteSource } from '../bytes.mjs';
import { foundGroup } from '../suites/jobs/history.mjs';

const PAYLOAD_BYTES = 100;

/**
 * Somebody in the group: enough to sign in its name.
 *
 * @typedef {{ memberId: string, mid: Uint8Array, signPub: Uint8Array, signPriv: Uint8Array }} Member
 */

/**
 * Makes a database that of another member.
 *
 * @param {import('arborist-mesh').MeshDatabase} db
 * @param {Member} member
 */
export function become(db, { memberId, signPub, signPriv }) {
  db.sql.run('UPDATE mesh_identity SET member_id = ?, sign_pub = ?, sign_priv = ?', [memberId, signPub, signPriv]);
}

/**
 * A group whose members have not said anything yet.
 *
 * @param {number} count members, the founder included
 * @returns {Promise<{ db: import('arborist-mesh').MeshDatabase, members: Member[] }>} the founder's database, in memory, and all others
 */
export async function makeGroup(count) {
  const { db: made, signingKeys } = await foundGroup(count, count);
  const bytes = byteSource(5);
  made.transaction(() => {
    for (const { event_id } of made.sql.all('SELECT event_id FROM mesh_event')) {
      made.sql.run('INSERT OR IGNORE INTO mesh_secret (event_id, secret) VALUES (?, ?)', [event_id ?? null, bytes(32)]);
    }
  });
  const added = roster(made)
    .filter(({ sinceEpoch }) => sinceEpoch > 0)
    .sort((a, b) => a.sinceEpoch - b.sinceEpoch);
  const members = added.map(({ memberId, mid, signPub }, i) => {
    const signPriv = signingKeys[i];
    if (signPriv === undefined) throw new Error(`the key of ${memberId} was not kept`);
    return { memberId, mid, signPub, signPriv };
  });
  // Opened anew, since the clock stood still while it was made.
  const db = await openDatabase({ bytes: made.export() });
  made.close();
  return { db, members };
}

/**
 * Every member says the same number of things, the first of which is where it can be reached.
 *
 * @param {import('arborist-mesh').MeshDatabase} db becomes that of the last member
 * @param {readonly Member[]} members
 * @param {{ from: number, to: number }} positions in each member's stream
 */
export function speak(db, members, { from, to }) {
  const bytes = byteSource(7);
  for (const member of members) {
    db.transaction(() => {
      become(db, member);
      for (let position = from; position < to; position++) {
        if (position === 0) publishEndpoint(db, { url: `https://${member.memberId}.example:4433`, certPin: bytes(32) });
        else sealGossip(db, bytes(PAYLOAD_BYTES));
      }
    });
  }
}
