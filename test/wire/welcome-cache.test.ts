/** Which welcomes a server makes anew. */
import { describe, expect, test } from 'vitest';
import { MAX_KEPT_WELCOMES, WELCOME_KEPT_MS } from '../../src/wire/limits.js';
import { WelcomeCache } from '../../src/wire/server/welcome-cache.js';
import { TestClock, zeros } from './support/handler-peers.js';

function cache() {
  const clock = new TestClock();
  const welcomes = new WelcomeCache(clock.read);
  const made: number[] = [];
  const ask = (who: number, length = 10) =>
    welcomes.get(zeros(32).fill(who), () => {
      made.push(who);
      return zeros(length);
    });
  return { clock, made, ask };
}

describe('A welcome', () => {
  test('is made once for each of several joiners that ask in turn', () => {
    const { made, ask } = cache();
    for (let i = 0; i < 5; i++) for (let who = 0; who < MAX_KEPT_WELCOMES; who++) ask(who);
    expect(made).toHaveLength(MAX_KEPT_WELCOMES);
  });

  test('is made anew after some minutes', () => {
    const { clock, made, ask } = cache();
    ask(1);
    clock.milliseconds += WELCOME_KEPT_MS - 1;
    ask(1);
    expect(made).toEqual([1]);
    clock.milliseconds += 1;
    ask(1);
    expect(made).toEqual([1, 1]);
  });

  test('is forgotten where there are many, or long ones', () => {
    const { made, ask } = cache();
    for (let who = 0; who <= MAX_KEPT_WELCOMES; who++) ask(who);
    ask(0);
    expect(made.at(-1)).toBe(0);
    ask(100, 60_000_000);
    ask(101, 60_000_000);
    ask(101, 60_000_000);
    ask(100, 60_000_000);
    expect(made.slice(-3)).toEqual([100, 101, 100]);
  });
});
