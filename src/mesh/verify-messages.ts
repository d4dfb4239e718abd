/**
 * Verifying the gossip that is kept, from its stored bytes; a part of verifying the history.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { base64urlEncode } from '../codec/base64url.js';
import { type Frame, parseFrame, verifyFrames } from '../codec/frame.js';
import type { MeshDatabase } from '../store/database.js';
import { decodeGossip } from './gossip-message.js';
import { MAX_GOSSIP_BYTES } from './limits.js';

/** Signatures verified together: enough to share the work, few enough to keep memory small. */
export const VERIFIED_TOGETHER = 1_024;

/** The beginning of an id, for people. */
export const shortId = (id: Uint8Array) => base64urlEncode(id).slice(0, 10);

/** One line of a report. */
export function problemLine(what: string, error: unknown): string {
  return `${what}: ${error instanceof Error ? error.message : String(error)}`;
}

interface StoredMessage {
  readonly arrival: number;
  readonly msg_id: Uint8Array;
  readonly stream_id: Uint8Array;
  readonly seq: number;
  readonly event_id: Uint8Array;
  readonly frame: Uint8Array;
  readonly sign_pub: Uint8Array;
}

function readMessages(db: MeshDatabase, after: number): StoredMessage[] {
  return db.sql.all(
    `SELECT arrival, msg_id, stream_id, seq, event_id, frame, sign_pub FROM mesh_gossip JOIN mesh_roster USING (mid)
     WHERE arrival > ? ORDER BY arrival LIMIT ${VERIFIED_TOGETHER}`,
    [after],
  ) as unknown as StoredMessage[];
}

function isAsStored(frame: Frame, row: StoredMessage): boolean {
  const { streamId, seq, eventId } = decodeGossip(frame);
  return (
    equalBytes(frame.id, row.msg_id) &&
    equalBytes(streamId, row.stream_id) &&
    seq === row.seq &&
    equalBytes(eventId, row.event_id)
  );
}

/** What is wrong with a stored message; null if nothing is. */
function problemOf(frame: Frame, good: boolean, row: StoredMessage): string | null {
  if (!good) return 'the signature does not verify';
  return isAsStored(frame, row) ? null : 'the table says something else than its frame';
}

function verifySome(rows: readonly StoredMessage[], problems: string[]): number {
  const items = rows.flatMap((row) => {
    try {
      return [{ row, frame: parseFrame(row.frame, { maxBytes: MAX_GOSSIP_BYTES }), publicKey: row.sign_pub }];
    } catch (error) {
      problems.push(problemLine(`message ${shortId(row.msg_id)}`, error));
      return [];
    }
  });
  const verdicts = verifyFrames(items);
  const found = items.map(({ row, frame }, i) => ({ row, problem: problemOf(frame, verdicts[i] === true, row) }));
  const wrong = found.filter(({ problem }) => problem !== null);
  problems.push(...wrong.map(({ row, problem }) => `message ${shortId(row.msg_id)}: ${problem}`));
  return items.length - wrong.length;
}

/**
 * Verifies signature and id of every message that is kept.
 *
 * @param problems takes a line for each that is wrong
 * @returns how many are right
 */
export function verifyMessages(db: MeshDatabase, problems: string[]): number {
  let right = 0;
  for (let rows = readMessages(db, -1); rows.length > 0; rows = readMessages(db, rows.at(-1)?.arrival ?? 0)) {
    right += verifySome(rows, problems);
  }
  return right;
}
