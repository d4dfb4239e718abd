/** How much memory a large document takes, in a process of its own, and how many chunks it may have; with `--mode long` 1 GiB. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { createDocumentHasher, MAX_CHUNKS } from '../../src/records/document-hasher.js';

const MEBIBYTE = 1_048_576;
const IS_LONG = process.env.MODE === 'long';
const LENGTH = IS_LONG ? 1_024 : 80;
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let program: string;

beforeAll(async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  program = join(folder, 'large-document.cjs');
  await build({
    entryPoints: [source('programs/large-document.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { '#sha256': source('../../src/crypto/sha256-stream.node.ts') },
    outfile: program,
    logLevel: 'error',
  });
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

const WAYS = [
  ['bytes/1', 'fixed/1'],
  ['text-nfc-lf/1', 'fastcdc/1'],
  ['text-nfc-lf/1', 'paragraph/1'],
] as const;

test.each(IS_LONG ? WAYS : WAYS.slice(0, 1))(
  `a document of ${LENGTH} MiB takes less than 64 MiB of memory above the start (%s, %s)`,
  { timeout: 600_000 },
  async (canonicalization, chunker) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      String(LENGTH),
      canonicalization,
      chunker,
    ]);
    const { growth, leafCount, contentLength } = JSON.parse(stdout);
    expect(leafCount).toBeGreaterThan(LENGTH * 10);
    expect(contentLength).toBeGreaterThan(LENGTH * MEBIBYTE * 0.8);
    expect(growth).toBeLessThan(64 * MEBIBYTE);
  },
);

test.runIf(IS_LONG)('a document has at most so many chunks', () => {
  const hasher = createDocumentHasher({ canonicalization: 'bytes/1', chunker: { name: 'fixed/1', size: 1 } });
  hasher.update(new Uint8Array(MAX_CHUNKS));
  hasher.update(new Uint8Array(1));
  expect(() => hasher.finish()).toThrow('a document has at most 1048576 chunks: make them longer');
});
