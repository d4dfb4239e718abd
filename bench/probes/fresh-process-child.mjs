/**
 * Imports one subject in a fresh process, makes its first calls and writes what that took as JSON. Started with
 * `--expose-gc`, so that memory is what is held and not what waits for collection.
 *
 * @module
 */
import { argv, memoryUsage, stdout } from 'node:process';
import { subjectFile } from './subjects.mjs';

const bytes = (/** @type {number} */ length) => Uint8Array.from({ length }, (_, index) => index + 9);
const key = bytes(32);
const point = Uint8Array.of(9, ...new Uint8Array(31));

const start = performance.now();
const subject = await import(subjectFile(argv[2] ?? '').href);
const imported = performance.now();
subject.x25519?.(key, point);
const called = performance.now();

const signature = subject.sign?.(key, bytes(100));
if (signature !== undefined) subject.verify(key, signature, bytes(100));
subject.aeadEncrypt?.(key, bytes(12), bytes(100));
globalThis.gc?.();
const { rss, heapUsed } = memoryUsage();

stdout.write(
  JSON.stringify({
    importMs: imported - start,
    firstCallMs: called - imported,
    residentBytes: rss,
    heapBytes: heapUsed,
  }),
);
