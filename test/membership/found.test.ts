/** Stories in which the simulator once found a failure, told again so that they do not depend on chance. */
import { describe, test } from 'vitest';
import { converge } from '../support/membership/simulator/script.js';
import { World } from '../support/membership/simulator/world.js';

describe('A failure that was found once does not come back', () => {
  test('an admin is offered its own lost kick, although another admin lost the same one before', async () => {
    const world = await World.of('ada* ben* cleo');
    world.part(['ben']);
    world.kick('ada', 'cleo');
    world.deliver(0);
    // Only cleo has heard of ada's kick when ada loses it, and ada's longer branch wins over it and over ben's.
    await world.restore('ada');
    for (let i = 0; i < 3; i++) world.rotate('ada');
    world.rotate('ben');
    world.kick('ben', 'cleo');
    converge(world);
    world.close();
  });
});
