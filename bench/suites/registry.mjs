/**
 * Every suite, in the order of the report.
 *
 * @module
 */
import { aead } from './aead.mjs';
import { dhPublicKey } from './dh-public-key.mjs';
import { hpke } from './hpke.mjs';
import { gossip } from './jobs/gossip.mjs';
import { histories } from './jobs/histories.mjs';
import { rosterChanges } from './jobs/roster-changes.mjs';
import { recordsDocuments } from './records-documents.mjs';
import { recordsMerkle } from './records-merkle.mjs';
import { recordsSha256 } from './records-sha256.mjs';
import { sign } from './sign.mjs';
import { store } from './store.mjs';
import { verify } from './verify.mjs';
import { verifyBatch } from './verify-batch.mjs';
import { x25519 } from './x25519.mjs';

/** @type {readonly import('../types.js').Suite[]} */
export const SUITES = [
  x25519,
  dhPublicKey,
  sign,
  verify,
  verifyBatch,
  aead,
  hpke,
  rosterChanges,
  histories,
  gossip,
  store,
  recordsSha256,
  recordsDocuments,
  recordsMerkle,
];
