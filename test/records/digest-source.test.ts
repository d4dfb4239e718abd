/** Documents from memory, Blobs, streams and whatever else gives pieces of bytes. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  type DocumentProgress,
  type DocumentSource,
  digestSource,
  documentDigest,
  InvalidDocumentError,
  InvalidInputError,
} from '../../src/index.js';
import { SeededRandom } from '../support/seeded-random.js';

const bytes = new SeededRandom(3).bytes(2_500_000);
const options = { canonicalization: 'bytes/1' } as const;
const expected = documentDigest(bytes, options);

function* pieces(length = 70_000) {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

/** A stream that tells whether it was cancelled. */
function streamOf(parts: Iterable<Uint8Array>) {
  const iterator = parts[Symbol.iterator]();
  const state = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

describe('digestSource', () => {
  it.each<[string, () => DocumentSource, number | null]>([
    ['bytes', () => bytes, bytes.length],
    ['a Blob', () => new Blob([bytes as BlobPart]), bytes.length],
    ['a File', () => new File([bytes as BlobPart], 'document'), bytes.length],
    ['a stream', () => streamOf(pieces()).stream, null],
    ['an iterable', () => pieces(), null],
    ["a stream of Node's", () => Readable.from(pieces()), null],
    [
      'an asynchronous generator',
      () =>
        (async function* () {
          yield* pieces();
        })(),
      null,
    ],
  ])('reads %s, and tells how far it is', async (_, source, total) => {
    const told: DocumentProgress[] = [];
    expect(await digestSource(source(), { ...options, onProgress: (progress) => told.push(progress) })).toEqual(
      expected,
    );
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({ bytes: bytes.length, total });
    expect(told.every((one, i) => one.bytes > (told[i - 1]?.bytes ?? 0) && one.total === total)).toBe(true);
  });

  it('reads sources without bytes', async () => {
    const empty = documentDigest(new Uint8Array(0));
    for (const source of [new Uint8Array(0), new Blob([]), streamOf([]).stream, []]) {
      expect(await digestSource(source)).toEqual(empty);
    }
  });

  it('closes a source that it does not read to its end', async () => {
    const { stream, state } = streamOf(pieces());
    await expect(digestSource(stream)).rejects.toThrow(InvalidDocumentError);
    expect(state.cancelled).toBe(true);
    let closed = false;
    const generator = (async function* () {
      try {
        yield* pieces();
      } finally {
        closed = true;
      }
    })();
    await expect(digestSource(generator)).rejects.toThrow(InvalidDocumentError);
    expect(closed).toBe(true);
  });

  it('passes on what the source or the callback throws', async () => {
    const failing = (async function* () {
      yield bytes;
      throw new Error('the disk is gone');
    })();
    await expect(digestSource(failing, options)).rejects.toThrow('the disk is gone');
    const { stream, state } = streamOf(pieces());
    const onProgress = () => {
      throw new Error('enough');
    };
    await expect(digestSource(stream, { ...options, onProgress })).rejects.toThrow('enough');
    expect(state.cancelled).toBe(true);
  });

  it('refuses sources of something else', async () => {
    for (const source of ['text', null, 7, {}, ['text']]) {
      await expect(digestSource(source as unknown as DocumentSource)).rejects.toThrow(InvalidInputError);
    }
    await expect(digestSource(bytes, { onProgress: 1 as unknown as () => void })).rejects.toThrow(InvalidInputError);
  });
});
