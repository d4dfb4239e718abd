/** What ingesting a large document takes, in a process of its own; with `--mode long` 1 GiB. */
import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MEBIBYTE = 1_048_576;
const IS_LONG = process.env.MODE === 'long';
const LENGTH = IS_LONG ? 1_024 : 80;
const program = fileURLToPath(new URL('../programs/ingest-large.mjs', import.meta.url));

async function ingestLarge(mebibytes: number, store: 'chunks' | 'hashes') {
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(mebibytes), store]);
  return JSON.parse(stdout);
}

test(`a document of ${LENGTH} MiB is ingested in less than 64 MiB of memory`, { timeout: 600_000 }, async () => {
  const { growth, contentLength, code } = await ingestLarge(LENGTH, 'hashes');
  expect(code).toBeNull();
  expect(contentLength).toBeGreaterThan(LENGTH * MEBIBYTE * 0.9);
  expect(growth).toBeLessThan(64 * MEBIBYTE);
});

test.runIf(IS_LONG)(
  'a document too long for its chunks to be kept leaves nothing behind',
  { timeout: 600_000 },
  async () => {
    expect(await ingestLarge(280, 'chunks')).toMatchObject({
      code: 'document-too-long',
      contentLength: null,
      chunks: 0,
    });
  },
);
