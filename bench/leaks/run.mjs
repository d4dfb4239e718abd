/**
 * `npm run bench -- --timing-leaks`: a statistical look for secrets in the running time, in the manner of dudect.
 *
 * @module
 */
import { createProgressLine } from '../report/progress.mjs';
import { alignColumns } from '../report/table.mjs';
import { timeClasses } from './measure.mjs';
import { leakSubjects } from './subjects.mjs';
import { largestT, T_LIMIT } from './welch.mjs';

const MEASUREMENTS = { quick: 20_000, full: 400_000 };

const LIMITS = `What this shows, and what it does not:
- It finds differences that are large enough to show in this many measurements on this machine; none found is no proof.
  The proof is in the tests: they record the control flow and every memory address of the compiled core.
- A JIT compiler translates the core anew on each machine. It could, in principle, use an instruction whose time depends on
  its operands, or turn a selection into a branch. V8, JavaScriptCore and SpiderMonkey are not known to do so for the
  integer and SIMD operations that the core is made of, but none of them promises it.
- The public keys of signers are remembered. Signing with a key again is therefore faster, which tells that the signer is
  the same, and nothing about the key.
- Copying secrets in and out, the garbage collector and JavaScript's own memory are outside the core. The collector may
  move and keep copies of keys that a program holds as Uint8Array.
- Multiplication takes the same time for all operands on current x86-64 and ARM64 cores, not on some small ones.
- Busy machines give noise: a |t| a little above the limit calls for another run; one that comes back calls for a look.
`;

/**
 * @param {import('../types.js').Effort['name']} effort
 * @returns {Promise<number>} the exit code: 0 if every control was found and nothing else was
 */
export async function runTimingLeaks(effort) {
  const progress = createProgressLine(process.stderr);
  const subjects = leakSubjects();
  const count = MEASUREMENTS[effort];
  const findings = subjects.map((subject, position) => {
    const times = timeClasses(subject, count, (fraction) =>
      progress.show((position + fraction) / subjects.length, subject.name),
    );
    const t = largestT(times);
    return { ...subject, t, found: t > T_LIMIT };
  });
  progress.clear();
  const rows = findings.map(({ name, t, depends, found }) => [name, t.toFixed(1), verdict(depends, found)]);
  process.stdout.write(
    `Timing that depends on secrets: ${count.toLocaleString('en')} measurements each, a difference is |t| > ${T_LIMIT}\n` +
      `${alignColumns([['', 'largest |t|', ''], ...rows])}\n\n${LIMITS}`,
  );
  return findings.every(({ depends, found }) => depends === 'public' || found === (depends === 'control')) ? 0 : 1;
}

/**
 * @param {import('./subjects.mjs').LeakSubject['depends']} depends
 * @param {boolean} found
 */
function verdict(depends, found) {
  if (depends === 'control') return found ? 'found, as it must be' : 'MISSED: the test is blind on this machine';
  if (depends === 'public') return found ? 'differs: who signs is public' : 'none found';
  return found ? 'A DIFFERENCE' : 'none found';
}
