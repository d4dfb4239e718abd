/**
 * Every peer, in the order in which the tables list them.
 *
 * @module
 */
import { arborist } from './arborist.mjs';
import { hpkeJs } from './hpke-js.mjs';
import { libsodium } from './libsodium.mjs';
import { noble } from './noble.mjs';
import { nodeCrypto } from './node-crypto.mjs';
import { stablelib } from './stablelib.mjs';
import { tweetnacl } from './tweetnacl.mjs';
import { webCrypto } from './web-crypto.mjs';

/** @type {readonly import('../types.js').Peer[]} */
const PEERS = [arborist, libsodium, nodeCrypto, webCrypto, noble, stablelib, tweetnacl, hpkeJs];

/**
 * Loads every peer that this runtime can load.
 *
 * @param {(peer: string, reason: string) => void} onMissing
 * @returns {Promise<import('../types.js').PeerForm[]>} arborist-mesh first
 */
export async function loadPeers(onMissing) {
  const forms = [];
  for (const peer of PEERS) {
    try {
      forms.push(...(await peer.load()));
    } catch (error) {
      onMissing(peer.id, error instanceof Error ? error.message : String(error));
    }
  }
  return forms;
}
