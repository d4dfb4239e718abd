import { describe, expect, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';
import type { Tab } from './support/tab.js';

const run = useBrowser();

/** How many tabs end in the middle of their work, for each kind and each way to end. */
const TABS = Number(process.env.ARBORIST_BROWSER_CRASHES ?? 10);
const BROWSERS = Math.ceil(TABS / 4);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Small databases are written whole; large ones are journaled, and here all are. */
const WAYS = KINDS.flatMap((kind) => [
  { ...kind, way: 'whole', journalFrom: 1 << 30 },
  { ...kind, way: 'journaled', journalFrom: 0 },
]);

describe.each(WAYS)('$title, $way', ({ place, option, journalFrom }) => {
  /** Lets a tab work, ends it at a random moment, and looks at what it left. */
  async function endInMidWork(end: (tab: Tab) => Promise<void>, times: number, longest: number) {
    const options = { [option]: run.freshName(), journalFrom };
    const lineages = new Set<unknown>();
    let last = 0;
    for (let i = 0; i < times; i++) {
      const tab = await run.open();
      await tab.call(place, 'open', 'db', options);
      const found = (await tab.call(place, 'numbers', 'db')) as number[];
      // One number in all rows: the state before or after a mutation. Not below the last that was reported as on disk.
      expect(found).toHaveLength(i === 0 ? 0 : 1);
      const present = found[0] ?? 0;
      expect(present).toBeGreaterThanOrEqual(last);
      lineages.add(await tab.call(place, 'lineage', 'db'));
      await tab.call(place, 'fill', 'db', present + 1);
      await tab.call(place, 'durable', 'db');
      last = present + 1;
      await tab.call(place, 'run', 'db', present + 2);
      await pause(Math.random() * longest);
      await end(tab);
      last = Math.max(last, ...tab.reports);
    }
    expect(lineages.size).toBe(times);
    // It did work.
    expect(last).toBeGreaterThan(times);
  }

  test('a tab that is closed in mid-write leaves the state before or after, and nothing reported is missing', async () => {
    await endInMidWork((tab) => tab.close(), TABS, 150);
  });

  test('so does one whose process crashes', async () => {
    await endInMidWork(
      async (tab) => {
        await tab.crash();
        await tab.close();
      },
      TABS,
      150,
    );
  });

  test('so does a browser that is killed', async () => {
    await endInMidWork(() => run.restart(), BROWSERS, 600);
  });
});
