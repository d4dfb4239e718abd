/** The bytes of gossip, against HKDF and Ed25519 of the platform, XChaCha20-Poly1305 of @noble/ciphers, and plain CBOR. */
import { createPublicKey, hkdfSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { decode, encode } from 'cborg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { signingPublicKey } from '../../src/crypto/index.js';
import { gossipKey, signGossip } from '../../src/mesh/gossip-message.js';
import { fromHex, toHex } from '../support/hex.js';

const SECRET = new Uint8Array(32).fill(1);
const GROUP_ID = new Uint8Array(32).fill(2);
const EVENT_ID = new Uint8Array(32).fill(3);
const MID = new Uint8Array(32).fill(4);
const SIGN_PRIV = new Uint8Array(32).fill(5);
const STREAM_ID = new Uint8Array(16).fill(6);
const PREVIOUS = new Uint8Array(32).fill(7);
const NONCE = new Uint8Array(24).fill(8);
const PAYLOAD = new TextEncoder().encode('the oak is sound');

/** As docs/protocol.md has it: HKDF-SHA256 with the group id as salt. */
function keyByTheBook(secret: Uint8Array, groupId: Uint8Array, eventId: Uint8Array, mid: Uint8Array): Uint8Array {
  const info = encode(['arborist-mesh/1 gossip', eventId, mid]);
  return new Uint8Array(hkdfSync('sha256', secret, groupId, info, 32));
}

const KEY = keyByTheBook(SECRET, GROUP_ID, EVENT_ID, MID);

/** The message below, written down. */
const MESSAGE = [
  '850166676f7373697058200404040404040404040404040404040404040404040404040404040404040404584038debf',
  '538c9c8e2efe8845339b5f61c08c1e630c90295fed244619488c54eb438fa806881068af9612b15fc2a7d2bbc684320b',
  '0f102b5210991aaf62ecdb4c0558b5875820020202020202020202020202020202020202020202020202020202020202',
  '020258200303030303030303030303030303030303030303030303030303030303030303500606060606060606060606',
  '060606060609582007070707070707070707070707070707070707070707070707070707070707075818080808080808',
  '0808080808080808080808080808080808085820c53b8672a31811fd8080e5cc43141d99a5ab86958280f57a0667efee',
  '2945c00d',
].join('');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('The key of a sender in an epoch', () => {
  test('is HKDF-SHA256 of the epoch secret, bound to group, event and sender', () => {
    expect(gossipKey(SECRET, GROUP_ID, EVENT_ID, MID)).toEqual(KEY);
    expect(toHex(KEY)).toBe('d1d421458b6d66fb86e954d97d71e14d3519f127574d07130d449ae09da164ef');
  });

  test('is that of the published vector', () => {
    const file = new URL('../vectors/protocol/gossip.json', import.meta.url);
    const { key } = JSON.parse(readFileSync(file, 'utf8')) as { key: Record<string, string> };
    const [secret, groupId, eventId, mid] = ['epoch_secret', 'group_id', 'event_id', 'mid'].map((name) =>
      fromHex(key[name] as string),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(toHex(keyByTheBook(secret, groupId, eventId, mid))).toBe(key.key);
    expect(toHex(gossipKey(secret, groupId, eventId, mid))).toBe(key.key);
  });
});

describe('A sealed message with a known nonce', () => {
  function message(): Uint8Array {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      (array as unknown as Uint8Array).set(NONCE);
      return array;
    });
    const sender = { mid: MID, signPriv: SIGN_PRIV, key: KEY };
    const header = { groupId: GROUP_ID, eventId: EVENT_ID, streamId: STREAM_ID, seq: 9, prevMsgId: PREVIOUS };
    return signGossip(sender, header, PAYLOAD).bytes;
  }

  test('has these bytes', () => {
    expect(toHex(message())).toBe(MESSAGE);
  });

  test('is, item by item, what docs/protocol.md says', () => {
    const [version, type, signer, signature, payload] = decode(message()) as [number, string, ...Uint8Array[]];
    expect([version, type, signer]).toEqual([1, 'gossip', MID]);
    const items = decode(payload as Uint8Array) as unknown[];
    expect(items.slice(0, 6)).toEqual([GROUP_ID, EVENT_ID, STREAM_ID, 9, PREVIOUS, NONCE]);

    const associated = encode([MID, GROUP_ID, EVENT_ID, STREAM_ID, 9, PREVIOUS, NONCE]);
    const ciphertext = items[6] as Uint8Array;
    expect(items).toHaveLength(7);
    expect(xchacha20poly1305(KEY, NONCE, associated).decrypt(ciphertext)).toEqual(PAYLOAD);

    const body = encode([MID, payload]);
    const signed = new Uint8Array([...new TextEncoder().encode('arborist-mesh/1 gossip\0'), ...body]);
    const spki = new Uint8Array([...fromHex('302a300506032b6570032100'), ...signingPublicKey(SIGN_PRIV)]);
    const publicKey = createPublicKey({ key: spki as never, format: 'der', type: 'spki' });
    expect(verify(null, signed, publicKey, signature as Uint8Array)).toBe(true);
  });
});
