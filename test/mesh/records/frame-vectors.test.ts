/** The published record frames: pinned, and read again by an independent decoder and the platform's own cryptography. */
import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verifyFrame } from '../../../src/codec/frame.js';
import { AuthenticationError, MeshError } from '../../../src/index.js';
import {
  chunkerOf,
  chunkerParams,
  decodeRecord,
  parseRecord,
  signRecord,
} from '../../../src/mesh/records/record-frame.js';
import { type ReferenceValue, referenceDecode } from '../../codec/reference-cbor.js';
import { fromHex, toHex } from '../../support/hex.js';
import { recordFrameVectors } from '../../support/records/frame-vectors.js';

type Vectors = ReturnType<typeof recordFrameVectors>['frames.json'];
const file = new URL('../../vectors/records/frames.json', import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'));
const groupId = fromHex(vectors.group_id);
const publicKey = fromHex(vectors.public_key);

/** An Ed25519 public key as RFC 8410 writes it. */
const nodeKey = createPublicKey({
  key: Buffer.concat([fromHex('302a300506032b6570032100'), publicKey]),
  format: 'der',
  type: 'spki',
});

/** The value as JSON has it in the vectors: bytes as hexadecimal digits. */
function plain(value: ReferenceValue | undefined): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** As a peer does it: apart, signature, content. */
function read(frame: Uint8Array) {
  const parsed = parseRecord(frame, groupId);
  if (!verifyFrame(parsed, publicKey)) throw new AuthenticationError('signature');
  return decodeRecord(parsed);
}

test('The file is what the generator writes', () => {
  expect(vectors).toEqual(JSON.parse(JSON.stringify(recordFrameVectors()['frames.json'])));
});

describe('An accepted record', () => {
  test.each(vectors.accepted.map((vector) => [vector.title, vector] as const))('%s', (_, vector) => {
    const { title, payload, frame, id, ...said } = vector;
    const [version, type, signer, signature, inner] = referenceDecode(fromHex(frame)) as Uint8Array[];
    expect([version, type, plain(signer), plain(inner)]).toEqual([1n, 'record', vectors.mid, payload]);
    expect(plain(referenceDecode(fromHex(payload)))).toEqual([vectors.group_id, ...Object.values(said)]);

    const length = fromHex(payload).length;
    const head = length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
    const body = Buffer.concat([
      Uint8Array.of(0x82, 0x58, 32),
      fromHex(vectors.mid),
      Uint8Array.from(head),
      fromHex(payload),
    ]);
    const labelled = (label: string) => Buffer.concat([Buffer.from(`${label}\0`), body]);
    expect(verify(null, labelled('arborist-mesh/1 record'), nodeKey, signature as Uint8Array)).toBe(true);
    expect(createHash('sha256').update(labelled('arborist-mesh/1 record id')).digest('hex')).toBe(id);

    const claim = read(fromHex(frame));
    expect(claim.uri).toBe(said.uri);
    expect(chunkerParams(claim.chunker)).toEqual(said.chunker_params);
    expect(chunkerOf(said.chunker, said.chunker_params)).toEqual(claim.chunker);
    const author = { mid: fromHex(vectors.mid), signPriv: fromHex(vectors.private_key) };
    expect(toHex(signRecord(author, groupId, claim).bytes), title).toBe(frame);
  });
});

describe('A refused record', () => {
  test.each(vectors.refused.map(({ title, code, frame }) => [title, code, frame] as const))(
    '%s: %s',
    (_, code, frame) => {
      expect(() => read(fromHex(frame))).toThrow(MeshError);
      expect(() => read(fromHex(frame))).toThrow(expect.objectContaining({ code }));
    },
  );
});
