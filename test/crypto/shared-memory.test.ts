/** Messages in memory that another thread changes while they are signed. */
import { Buffer as NodeBuffer } from 'node:buffer';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { generateSigningKeypair, sign } from '../../src/crypto/index.js';

const SIZE = 1 << 20;
const SIGNATURES = 150;

/** Flips the first byte of the memory as fast as it can, until it is stopped. */
const FLIPPER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const bytes = new Uint8Array(workerData);
  parentPort.postMessage('ready');
  for (;;) for (let pause = 0; pause < 50000; pause++) if (pause === 0) bytes[0] ^= 1;
`;

describe.each<{ kind: string; view: (memory: SharedArrayBuffer) => Uint8Array }>([
  { kind: 'an array', view: (memory) => new Uint8Array(memory) },
  // Whose `slice` copies nothing.
  { kind: 'a Buffer', view: (memory) => NodeBuffer.from(memory) },
])('a message in shared memory, in $kind,', ({ view }) => {
  it('never gives two signatures with one nonce for different messages', async () => {
    const memory = new SharedArrayBuffer(SIZE);
    const { privateKey } = generateSigningKeypair();
    const flipper = new Worker(FLIPPER, { eval: true, workerData: memory });
    await new Promise((resolve) => flipper.once('message', resolve));
    const signed = new Map<string, string>();
    try {
      // Until both versions of the message were met, or this would have shown nothing.
      for (let i = 0; i < SIGNATURES || signed.size < 2; i++) {
        const signature = sign(privateKey, view(memory));
        const nonce = signature.subarray(0, 32).join();
        const rest = signature.subarray(32).join();
        expect(signed.get(nonce) ?? rest).toBe(rest);
        signed.set(nonce, rest);
      }
    } finally {
      await flipper.terminate();
    }
  });
});
