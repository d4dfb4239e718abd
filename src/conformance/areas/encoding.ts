/**
 * The CBOR profile and frames: what is accepted has one encoding, everything else is refused.
 *
 * @module
 */
import { type CborValue, decodeCbor, encodeCbor } from '../../codec/cbor.js';
import { parseFrame, signFrame, verifyFrame } from '../../codec/frame.js';
import { MAX_FRAME_BYTES } from '../../mesh/limits.js';
import type { Area } from '../area.js';
import { expectBytes, expectEqual, expectMeshError, expectThat } from '../expect.js';
import { fromHex } from '../hex.js';
import { readVectors } from '../vectors.js';

/** A value as JSON has it: bytes are `{ "bytes": hexadecimal }`. */
type JsonValue = number | string | boolean | null | { readonly bytes: string } | readonly JsonValue[];

function fromJson(value: JsonValue): CborValue {
  if (Array.isArray(value)) return value.map(fromJson);
  return typeof value === 'object' && value !== null && 'bytes' in value ? fromHex(value.bytes) : (value as CborValue);
}

interface CborVectors {
  readonly source: string;
  readonly accepted: readonly { readonly about: string; readonly value: JsonValue; readonly encoding: string }[];
  readonly refused: readonly { readonly about: string; readonly rule: string; readonly encoding: string }[];
}

type HexOf<Name extends string> = Readonly<Record<Name, string>>;

interface FrameVectors {
  readonly source: string;
  readonly public_key: string;
  readonly accepted: readonly HexOf<'type' | 'private_key' | 'public_key' | 'signer' | 'payload' | 'frame' | 'id'>[];
  readonly refused: readonly HexOf<'about' | 'rule' | 'frame'>[];
}

/** See the module's header. */
export const ENCODING: Area = {
  name: 'encoding',
  checks: [
    {
      name: 'every value of the CBOR profile has the one encoding that it must have',
      run: ({ record }) => {
        for (const { about, value, encoding } of readVectors<CborVectors>('protocol/cbor.json').accepted) {
          const encoded = encodeCbor(fromJson(value));
          expectBytes(about, encoded, encoding);
          const decoded = decodeCbor(fromHex(encoding), { maxBytes: 1_000 });
          expectBytes(`${about}, decoded and encoded`, encodeCbor(decoded), encoding);
          record(about, encoded);
        }
      },
    },
    {
      name: 'CBOR outside the profile is refused',
      run: ({ record }) => {
        const { refused } = readVectors<CborVectors>('protocol/cbor.json');
        for (const { about, encoding } of refused) {
          expectMeshError(about, 'codec', () => decodeCbor(fromHex(encoding), { maxBytes: 1_000 }));
        }
        record('refused', refused.length);
      },
    },
    {
      name: 'bytes above the limit are refused before they are looked at',
      run: () => {
        expectMeshError('a long input', 'codec', () => decodeCbor(new Uint8Array(11), { maxBytes: 10 }));
      },
    },
    {
      name: 'frames have the signatures and ids that they must have',
      run: ({ record }) => {
        for (const vector of readVectors<FrameVectors>('protocol/frames.json').accepted) {
          const { type, frame, id } = vector;
          const [signer, privateKey] = [fromHex(vector.signer), fromHex(vector.private_key)];
          const made = signFrame(type, signer, privateKey, fromHex(vector.payload));
          expectBytes(`a frame of type ${type}`, made.bytes, frame);
          const parsed = parseFrame(fromHex(frame), { maxBytes: MAX_FRAME_BYTES });
          expectBytes('its id', parsed.id, id);
          expectThat(verifyFrame(parsed, fromHex(vector.public_key)), `the frame of type ${type} to verify`);
          record(type, made.bytes);
        }
      },
    },
    {
      name: 'a frame that breaks a rule is refused by that rule',
      run: ({ record }) => {
        const { public_key, refused } = readVectors<FrameVectors>('protocol/frames.json');
        for (const { about, rule, frame } of refused) {
          const parse = () => parseFrame(fromHex(frame), { maxBytes: MAX_FRAME_BYTES });
          if (rule === 'signature') expectEqual(about, verifyFrame(parse(), fromHex(public_key)), false);
          else expectMeshError(about, 'codec', parse);
        }
        record('refused', refused.length);
      },
    },
  ],
};
