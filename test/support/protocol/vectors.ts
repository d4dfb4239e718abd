/**
 * The published vectors of the protocol, `test/vectors/protocol/*.json`. The bytes are the same every time.
 *
 * @module
 */
import { encodingVectors } from './encoding-vectors.js';
import { gossipVectors } from './gossip-vectors.js';
import { joiningVectors } from './joining-vectors.js';
import { signatureVectors } from './signature-vectors.js';

/** The content of each file, by name. */
export async function protocolVectors() {
  return { ...encodingVectors(), ...signatureVectors(), ...joiningVectors(), ...(await gossipVectors()) };
}
