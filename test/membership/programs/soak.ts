/**
 * Random scenarios, longer and in larger groups than the test suite has time for: `npm run soak -- --minutes 30`. A failure
 * prints its story, and the seed with which `npm run soak -- --seed N` meets it again.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { FIFTY_PEOPLE, SMALL_GROUPS } from '../../support/membership/simulator/groups.js';
import { play, scripts } from '../../support/membership/simulator/script.js';

const BATCH = 25;
const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? '1');
if (!(minutes > 0)) throw new Error('--minutes must be a positive number');

const scenario = fc.oneof(
  { weight: 60, arbitrary: scripts(SMALL_GROUPS, 40) },
  { weight: 20, arbitrary: scripts({ 'ada* ben* cleo* dan* eve* fay* gus* hal* ida* jon kim lea': 1 }, 80) },
  { weight: 1, arbitrary: scripts({ [FIFTY_PEOPLE]: 1 }, 60) },
);

/** Whether a batch of scenarios held. */
async function holds(seed: number): Promise<boolean> {
  const details = await fc.check(fc.asyncProperty(scenario, play), { seed, numRuns: BATCH });
  if (!details.failed) return true;
  process.exitCode = 1;
  console.error(`npm run soak -- --seed ${seed}`);
  console.error(fc.defaultReportMessage(details), '\n', details.errorInstance);
  return false;
}

async function soak(): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  let batches = 0;
  do {
    if (!(await holds(first + batches))) return;
    batches += 1;
  } while (values.seed === undefined && performance.now() < end);
  console.log(`${batches * BATCH} scenarios held; first seed ${first}`);
}

await soak();
