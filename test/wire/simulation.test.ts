/** The model of many peers: it can be repeated, and shows what it must show in small groups. */
import { describe, expect, it } from 'vitest';
import { type Scenario, simulate } from './simulation/simulation.js';

const CALM: Scenario = { seed: 1, peers: 60, loss: 0, away: 0, messages: 4, seconds: 90 };

describe('Gossip among sixty simulated peers', () => {
  it('gives the same outcome for the same seed, and another one for another', () => {
    expect(simulate(CALM)).toEqual(simulate(CALM));
    expect(simulate({ ...CALM, seed: 2 }).coverage).not.toEqual(simulate(CALM).coverage);
  });

  it('reaches everybody, also where connections break and peers come and go', () => {
    for (const scenario of [
      CALM,
      { ...CALM, loss: 0.1, away: 0.2, seconds: 240 },
      { ...CALM, fanout: 0, seconds: 300 },
    ]) {
      expect(simulate(scenario).secondsTo99.every((seconds) => seconds !== null)).toBe(true);
    }
  });

  it('is faster by pushing than by synchronizing alone', () => {
    const latest = (outcome: ReturnType<typeof simulate>) => Math.max(...outcome.secondsTo99.map((s) => s ?? Infinity));
    expect(latest(simulate(CALM))).toBeLessThan(latest(simulate({ ...CALM, fanout: 0, seconds: 300 })));
  });

  it('does not reach anybody where every connection breaks', () => {
    const { secondsTo99, coverage } = simulate({ ...CALM, loss: 1 });
    expect(secondsTo99).toEqual([null, null, null, null]);
    expect(coverage.at(-1)).toBeCloseTo(1 / 60);
  });
});
