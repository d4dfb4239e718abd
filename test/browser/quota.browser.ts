import { describe, expect, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';

const run = useBrowser();
const MEBIBYTE = 1 << 20;

describe.each(KINDS)('$title', ({ place, option }) => {
  test('tells when there is no more space, keeps the last good image, and goes on when there is', async () => {
    const options = { [option]: run.freshName() };
    const origin = new URL(run.site.address).origin;
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'durable', 'db');
    const { usage } = (await tab.call(place, 'estimate')) as { usage: number };

    await run.browser.setQuota(tab, origin, usage + 2 * MEBIBYTE);
    const grown = await tab.outcome(place, 'grow', 'db', 8 * MEBIBYTE);
    const kept = await tab.outcome(place, 'durable', 'db');
    expect(grown.error?.code ?? kept.error?.code).toBe('quota-exceeded');
    const reader = await run.open();
    await reader.call('page', 'open', 'db', { ...options, readonly: true });
    expect(await reader.call('page', 'numbers', 'db')).toEqual([1]);
    expect(await reader.call('page', 'grown', 'db')).toBe(0);
    if (option === 'indexedDB') {
      // Memory is ahead, and says so; a small mutation does not make it fit.
      expect(await tab.call(place, 'failures')).toContain('quota-exceeded');
      expect(await tab.call(place, 'grown', 'db')).toBe(8 * MEBIBYTE);
      await tab.call(place, 'fill', 'db', 2);
      expect((await tab.outcome(place, 'durable', 'db')).error?.code).toBe('quota-exceeded');
      await tab.call(place, 'grow', 'db', 10);
    } else {
      // Memory went back to what is on disk.
      expect(await tab.call(place, 'grown', 'db')).toBe(0);
      await tab.call(place, 'fill', 'db', 2);
    }
    await tab.call(place, 'durable', 'db');
    await reader.call('page', 'open', 'later', { ...options, readonly: true });
    expect(await reader.call('page', 'numbers', 'later')).toEqual([2]);

    await run.browser.setQuota(tab, origin);
    await tab.call(place, 'grow', 'db', 8 * MEBIBYTE);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'grown', 'db')).toBe(8 * MEBIBYTE);
    await Promise.all([tab.close(), reader.close()]);
  });

  test('a database that is closed without the space for its last state says so', async () => {
    if (option === 'opfs') return;
    const options = { [option]: run.freshName() };
    const origin = new URL(run.site.address).origin;
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'durable', 'db');
    const lineage = await tab.call(place, 'lineage', 'db');
    const { usage } = (await tab.call(place, 'estimate')) as { usage: number };
    await run.browser.setQuota(tab, origin, usage + 2 * MEBIBYTE);
    await tab.call(place, 'grow', 'db', 8 * MEBIBYTE);
    expect((await tab.outcome(place, 'close', 'db')).error?.code).toBe('quota-exceeded');
    await run.browser.setQuota(tab, origin);
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([1]);
    expect(await tab.call(place, 'lineage', 'db')).not.toBe(lineage);
    await tab.close();
  });
});
