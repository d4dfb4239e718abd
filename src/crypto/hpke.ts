// Walking skeleton, to be replaced together with the rest of the core.
import { concatBytes } from '../bytes.js';
import { aeadDecrypt, aeadEncrypt } from './aead.js';
import { hkdfExpand, hkdfExtract } from './sha256.js';
import { dhPublicKey, generateDhKeypair, x25519 } from './x25519.js';

export interface HpkeOptions {
  readonly info?: Uint8Array;
  readonly aad?: Uint8Array;
}
export interface HpkeSealed {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}
export interface HpkeRecipient {
  readonly publicKey: Uint8Array;
  readonly info: Uint8Array;
}

const text = (ascii: string) => new TextEncoder().encode(ascii);
const EMPTY = new Uint8Array(0);
const KEM = concatBytes(text('KEM'), Uint8Array.of(0, 0x20));
const SUITE = concatBytes(text('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 3));
const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
  hkdfExtract(salt.length ? salt : undefined, concatBytes(text('HPKE-v1'), suite, text(label), ikm));
const labeledExpand = (suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
  hkdfExpand(prk, concatBytes(Uint8Array.of(0, length), text('HPKE-v1'), suite, text(label), info), length);

function keyAndNonce(dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array, info: Uint8Array) {
  const prk = labeledExtract(KEM, EMPTY, 'eae_prk', dh);
  const shared = labeledExpand(KEM, prk, 'shared_secret', concatBytes(enc, recipient), 32);
  const context = concatBytes(
    Uint8Array.of(0),
    labeledExtract(SUITE, EMPTY, 'psk_id_hash', EMPTY),
    labeledExtract(SUITE, EMPTY, 'info_hash', info),
  );
  const secret = labeledExtract(SUITE, shared, 'secret', EMPTY);
  return {
    key: labeledExpand(SUITE, secret, 'key', context, 32),
    nonce: labeledExpand(SUITE, secret, 'base_nonce', context, 12),
  };
}
export function hpkeSeal(recipientPublicKey: Uint8Array, plaintext: Uint8Array, options: HpkeOptions = {}): HpkeSealed {
  const ephemeral = generateDhKeypair();
  const dh = x25519(ephemeral.privateKey, recipientPublicKey);
  const { key, nonce } = keyAndNonce(dh, ephemeral.publicKey, recipientPublicKey, options.info ?? EMPTY);
  return { enc: ephemeral.publicKey, ciphertext: aeadEncrypt(key, nonce, plaintext, options.aad) };
}
export function hpkeOpen(
  privateKey: Uint8Array,
  enc: Uint8Array,
  ciphertext: Uint8Array,
  options: HpkeOptions = {},
): Uint8Array {
  const dh = x25519(privateKey, enc);
  const { key, nonce } = keyAndNonce(dh, enc, dhPublicKey(privateKey), options.info ?? EMPTY);
  return aeadDecrypt(key, nonce, ciphertext, options.aad);
}
export function hpkeSealMany(recipients: readonly HpkeRecipient[], plaintext: Uint8Array): HpkeSealed[] {
  return recipients.map(({ publicKey, info }) => hpkeSeal(publicKey, plaintext, { info }));
}
