/**
 * Vectors of the CBOR profile and of frames: what is accepted and what it means, and what is refused and why.
 *
 * @module
 */
import { concatBytes } from '../../../src/bytes.js';
import { type CborValue, encodeCbor } from '../../../src/codec/cbor.js';
import { signFrame } from '../../../src/codec/frame.js';
import { sign, signingPublicKey } from '../../../src/crypto/ed25519.js';
import { sha256 } from '../../../src/crypto/sha256.js';
import { fromHex, toHex } from '../hex.js';

/** Values of the profile as JSON can have them: bytes as `{ "bytes": hexadecimal }`. */
const VALUES: readonly (readonly [about: string, value: CborValue, json: unknown])[] = [
  ...[0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map(
    (n) => [`the integer ${n}`, n, n] as const,
  ),
  ['false', false, false],
  ['true', true, true],
  ['null', null, null],
  ['an empty byte string', new Uint8Array(0), { bytes: '' }],
  ['24 bytes', new Uint8Array(24).fill(7), { bytes: '07'.repeat(24) }],
  ['empty text', '', ''],
  ['text in Latin, Greek, Hebrew, Hangul and an emoji', 'é Ω א 한 🌳', 'é Ω א 한 🌳'],
  ['an empty array', [], []],
  ['arrays eight deep', [[[[[[[[]]]]]]]], [[[[[[[[]]]]]]]]],
  [
    'a mixed array',
    [1, 'two', Uint8Array.of(3), [null, [true]], false],
    [1, 'two', { bytes: '03' }, [null, [true]], false],
  ],
];

const REFUSED: readonly (readonly [about: string, rule: string, hex: string])[] = [
  ['nothing at all', 'truncated', ''],
  ['a byte after the value', 'trailing', '0000'],
  ['an array that ends early', 'truncated', '820100'.slice(0, 4)],
  ['bytes that end early', 'truncated', '430102'],
  ['the integer 23 in two bytes', 'shortest', '1817'],
  ['the integer 255 in three bytes', 'shortest', '1900ff'],
  ['the integer 65,535 in five bytes', 'shortest', '1a0000ffff'],
  ['the integer 2^32 - 1 in nine bytes', 'shortest', '1b00000000ffffffff'],
  ['a length in more bytes than it needs', 'shortest', '5800'],
  ['the integer 2^53', 'integer-range', '1b0020000000000000'],
  ['the integer 2^64 - 1', 'integer-range', '1bffffffffffffffff'],
  ['a negative integer', 'major-type', '20'],
  ['a map', 'major-type', 'a0'],
  ['a tag', 'major-type', 'c000'],
  ['a half-precision float', 'simple-value', 'f90000'],
  ['a double-precision float', 'simple-value', 'fb3ff0000000000000'],
  ['undefined', 'simple-value', 'f7'],
  ['an unassigned simple value', 'simple-value', 'f820'],
  ['a byte string of indefinite length', 'indefinite', '5f4101ff'],
  ['an array of indefinite length', 'indefinite', '9fff'],
  ['a reserved length', 'reserved', '1c'],
  ['text that is not UTF-8', 'utf-8', '61ff'],
  ['text with an overlong character', 'utf-8', '62c0af'],
  ['text with half a surrogate pair', 'utf-8', '63eda080'],
  ['text in normalization form D', 'nfc', '6375cc88'],
  ['text that begins with a byte order mark', 'byte-order-mark', '64efbbbf61'],
  ['arrays nine deep', 'depth', '818181818181818180'],
  ['an array that claims 2^32 items', 'truncated', '9b0000000100000000'],
];

const seedOf = (name: string) => sha256(new TextEncoder().encode(`arborist-mesh vectors ${name}`));

/** The parts of a frame that is right in every respect. */
function honestFrame() {
  const privateKey = seedOf('signing key');
  const signer = seedOf('member instance');
  const payload = encodeCbor([seedOf('group'), 1, 'text']);
  return { privateKey, signer, payload, frame: signFrame('event', signer, privateKey, payload) };
}

function acceptedFrames() {
  const { privateKey, signer, payload } = honestFrame();
  return ['genesis', 'event', 'invite', 'join-request', 'fault', 'gossip', 'record'].map((type) => {
    const frame = signFrame(type, signer, privateKey, payload);
    return {
      type,
      private_key: toHex(privateKey),
      public_key: toHex(signingPublicKey(privateKey)),
      signer: toHex(signer),
      payload: toHex(payload),
      frame: toHex(frame.bytes),
      id: toHex(frame.id),
    };
  });
}

function refusedFrames() {
  const { privateKey, signer, payload, frame } = honestFrame();
  const of = (...items: CborValue[]) => encodeCbor(items);
  const { signature } = frame;
  const otherType = signFrame('fault', signer, privateKey, payload).signature;
  const cases: readonly (readonly [about: string, rule: string, bytes: Uint8Array])[] = [
    ['version 0', 'shape', of(0, 'event', signer, signature, payload)],
    ['version 2', 'shape', of(2, 'event', signer, signature, payload)],
    ['a type in capitals', 'shape', of(1, 'Event', signer, signature, payload)],
    ['a type with a space', 'shape', of(1, 'event id', signer, signature, payload)],
    ['an empty type', 'shape', of(1, '', signer, signature, payload)],
    ['a type of 33 letters', 'shape', of(1, 'e'.repeat(33), signer, signature, payload)],
    ['a signer of 31 bytes', 'shape', of(1, 'event', signer.subarray(1), signature, payload)],
    ['a signature of 63 bytes', 'shape', of(1, 'event', signer, signature.subarray(1), payload)],
    ['a payload that is an array, not bytes', 'shape', of(1, 'event', signer, signature, [1])],
    ['a sixth item', 'shape', of(1, 'event', signer, signature, payload, null)],
    ['four items', 'shape', of(1, 'event', signer, signature)],
    ['a byte after the frame', 'encoding', concatBytes(frame.bytes, Uint8Array.of(0))],
    ['the last byte missing', 'encoding', frame.bytes.subarray(0, -1)],
    [
      'the version in two bytes',
      'encoding',
      concatBytes(frame.bytes.subarray(0, 1), fromHex('1801'), frame.bytes.subarray(2)),
    ],
    ['a changed signature', 'signature', of(1, 'event', signer, signature.with(3, (signature[3] ?? 0) ^ 1), payload)],
    ['another signer', 'signature', of(1, 'event', seedOf('someone else'), signature, payload)],
    ['a changed payload', 'signature', of(1, 'event', signer, signature, encodeCbor([seedOf('group'), 2, 'text']))],
    ['another type', 'signature', of(1, 'gossip', signer, signature, payload)],
    ['a signature made for another type', 'signature', of(1, 'event', signer, otherType, payload)],
    [
      'a signature of the body without its label',
      'signature',
      of(1, 'event', signer, sign(privateKey, frame.body), payload),
    ],
  ];
  return cases.map(([about, rule, bytes]) => ({ about, rule, frame: toHex(bytes) }));
}

/** The content of `cbor.json` and `frames.json`. */
export function encodingVectors() {
  const { privateKey } = honestFrame();
  return {
    'cbor.json': {
      source: 'The CBOR profile of docs/protocol.md',
      accepted: VALUES.map(([about, value, json]) => ({ about, value: json, encoding: toHex(encodeCbor(value)) })),
      refused: REFUSED.map(([about, rule, encoding]) => ({ about, rule, encoding })),
    },
    'frames.json': {
      source: 'Frames of docs/protocol.md',
      public_key: toHex(signingPublicKey(privateKey)),
      accepted: acceptedFrames(),
      refused: refusedFrames(),
    },
  };
}
