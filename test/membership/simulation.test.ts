/** Random scenarios of peers who act on their own and hear of each other late, twice, out of order or not at all. */
import fc from 'fast-check';
import { test } from 'vitest';
import { SMALL_GROUPS } from '../support/membership/simulator/groups.js';
import { play, scripts } from '../support/membership/simulator/script.js';

test('After everything was exchanged all peers agree, in two thousand scenarios of three to six peers', async () => {
  await fc.assert(fc.asyncProperty(scripts(SMALL_GROUPS, 10), play), { numRuns: 2_000 });
}, 600_000);
