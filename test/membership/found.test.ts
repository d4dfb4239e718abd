/** Scenarios in which the simulator once found a failure, shrunk, with their seeds. */
import { describe, test } from 'vitest';
import { play } from '../support/membership/simulator/script.js';

describe('A failure that was found once does not come back', () => {
  test('an admin is offered its own lost kick, although another admin lost the same one before', () =>
    play({
      people: 'ada* ben* cleo* dan* eve',
      seed: 0,
      steps: [
        { act: 'part', who: 0, whom: 0, how: 0 },
        { act: 'equivocate', who: 0, whom: 0, how: 6 },
        { act: 'deliver', who: 0, whom: 0, how: 0 },
        { act: 'deliver', who: 0, whom: 0, how: 0 },
        { act: 'kick', who: 6, whom: 8, how: 0 },
      ],
    }));
});
