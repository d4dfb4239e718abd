// @ts-check
/**
 * The control: under a policy that forbids WebAssembly every door says so, at once, and nothing hangs.
 *
 * @module
 */
import { openDatabase, WasmUnavailableError } from 'arborist-mesh';
import { runConformance } from 'arborist-mesh/conformance';
import { sign } from 'arborist-mesh/crypto';
import { postReport } from './post-report.mjs';
import { DATABASE_REFUSED, SIGN_REFUSED } from './refusal-names.mjs';

const LIMIT_MS = 1_000;

/** Each of them uses WebAssembly. @type {Readonly<Record<string, () => unknown>>} */
const DOORS = {
  [SIGN_REFUSED]: () => sign(new Uint8Array(32), new Uint8Array(0)),
  [DATABASE_REFUSED]: () => openDatabase(),
};

/** @param {() => unknown} door */
async function expectRefusal(door) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('nothing within a second')), LIMIT_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(door), late]);
  } catch (error) {
    if (error instanceof WasmUnavailableError && error.message.includes("'wasm-unsafe-eval'")) return;
    throw error;
  }
  throw new Error('it works, although the policy forbids it');
}

async function checkDoors() {
  const checks = [];
  for (const [name, door] of Object.entries(DOORS)) {
    const start = performance.now();
    const error = await expectRefusal(door).then(
      () => undefined,
      (cause) => String(cause),
    );
    const ms = performance.now() - start;
    checks.push({ name, ok: error === undefined, ...(error === undefined ? {} : { error }), ms, digest: '' });
  }
  const { runtime } = await runConformance();
  return { runtime, areas: [{ name: 'refusal', checks, digest: '' }] };
}

postReport(checkDoors);
