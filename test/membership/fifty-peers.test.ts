/** Random scenarios as in `simulation.test.ts`, in a group of fifty; with `--mode long`, since each takes up to half a minute. */
import fc from 'fast-check';
import { test } from 'vitest';
import { FIFTY_PEOPLE } from '../support/membership/simulator/groups.js';
import { play, scripts } from '../support/membership/simulator/script.js';

test('After everything was exchanged all fifty peers agree', async () => {
  await fc.assert(fc.asyncProperty(scripts({ [FIFTY_PEOPLE]: 1 }, 30), play), { numRuns: 3 });
}, 600_000);
