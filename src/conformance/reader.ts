/**
 * A peer that vectors are put to: it knows a group from its genesis on, whoever founded it.
 *
 * @module
 */
import { base64urlDecode } from '../codec/base64url.js';
import { type Frame, parseFrame } from '../codec/frame.js';
import { dhPublicKey, signingPublicKey } from '../crypto/index.js';
import { applyEvents, type MeshDatabase, openDatabase, setEnabled } from '../index.js';
import { decodeBundle } from '../mesh/bundle.js';
import { decodeGenesis } from '../mesh/event.js';
import { storeEvent } from '../mesh/event-intake.js';
import { requireEvent } from '../mesh/event-store.js';
import { startHead } from '../mesh/head.js';
import { saveIdentity } from '../mesh/identity.js';
import { MAX_FRAME_BYTES } from '../mesh/limits.js';
import { checkGenesis } from '../mesh/validity.js';
import { fromHex } from './hex.js';

/** Whose eyes a vector is seen through; keys are hexadecimal. */
export interface Reader {
  readonly member_id: string;
  readonly sign_priv: string;
  readonly dh_priv: string;
}

/** Someone who is in no group, for vectors that are the same for everyone. */
const NOBODY: Reader = { member_id: 'reader', sign_priv: '01'.repeat(32), dh_priv: '02'.repeat(32) };

function start(db: MeshDatabase, frame: Frame, { member_id: memberId, ...keys }: Reader): void {
  const genesis = decodeGenesis(frame);
  const [signPriv, dhPriv] = [fromHex(keys.sign_priv), fromHex(keys.dh_priv)];
  const identity = { memberId, signPriv, signPub: signingPublicKey(signPriv), dhPriv, dhPub: dhPublicKey(dhPriv) };
  db.transaction(() => {
    saveIdentity(db, { ...identity, groupName: '', createdAt: db.now() }, genesis.id);
    storeEvent(db, genesis, frame.bytes, checkGenesis(genesis));
    startHead(db, requireEvent(db, genesis.id));
    setEnabled(db, true);
  });
}

/**
 * Opens a database in memory that has heard of a group's genesis, and then of the other bundles.
 *
 * @param bundles base64url text, the genesis first
 */
export async function openReader(bundles: readonly string[], reader = NOBODY): Promise<MeshDatabase> {
  const [genesis, ...rest] = bundles.map((bundle) => base64urlDecode(bundle));
  if (genesis === undefined) throw new Error('a group begins with a genesis');
  const db = await openDatabase({ now: () => 0 });
  start(db, parseFrame(decodeBundle(genesis).frame, { maxBytes: MAX_FRAME_BYTES }), reader);
  applyEvents(db, rest);
  return db;
}
