/**
 * HChaCha20 (draft-irtf-cfrg-xchacha-03 §2.2): the subkey of XChaCha20 from the key and the first 16 nonce bytes. One
 * block with a row of the state in each vector; the rows are turned for the diagonal rounds.
 *
 * @module
 */

/** "expand 32-byte k". */
const CONSTANTS: usize = memory.data<u32>([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574], 16);

/** Writes the 32-byte subkey for a 32-byte key and 16 bytes of nonce; `subkey` may be where the key is. */
export function hchacha20(key: usize, nonce: usize, subkey: usize): void {
  let a = v128.load(CONSTANTS);
  let b = v128.load(key);
  let c = v128.load(key, 16);
  let d = v128.load(nonce);
  for (let i = 0; i < 20; i++) {
    a = i32x4.add(a, b);
    d = rotateLeft(v128.xor(d, a), 16);
    c = i32x4.add(c, d);
    b = rotateLeft(v128.xor(b, c), 12);
    a = i32x4.add(a, b);
    d = rotateLeft(v128.xor(d, a), 8);
    c = i32x4.add(c, d);
    b = rotateLeft(v128.xor(b, c), 7);
    // Columns become diagonals and, one round later, diagonals columns again.
    if ((i & 1) == 0) {
      b = v128.shuffle<u32>(b, b, 1, 2, 3, 0);
      c = v128.shuffle<u32>(c, c, 2, 3, 0, 1);
      d = v128.shuffle<u32>(d, d, 3, 0, 1, 2);
    } else {
      b = v128.shuffle<u32>(b, b, 3, 0, 1, 2);
      c = v128.shuffle<u32>(c, c, 2, 3, 0, 1);
      d = v128.shuffle<u32>(d, d, 1, 2, 3, 0);
    }
  }
  v128.store(subkey, a);
  v128.store(subkey, d, 16);
}

@inline
function rotateLeft(x: v128, distance: i32): v128 {
  return v128.or(i32x4.shl(x, distance), i32x4.shr_u(x, 32 - distance));
}
