import { describe, expect, type TestContext, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';
import { startSite } from './support/site.js';
import type { Tab } from './support/tab.js';

const run = useBrowser();
const MEBIBYTE = 1 << 20;

/**
 * A tab of a site of its own, since Chromium remembers for half a minute how much space an origin has left. A database of
 * the workload's size has room, one of 8 MiB has not.
 */
async function openShortOfSpace({
  onTestFinished,
}: TestContext): Promise<{ tab: Tab; reader: Tab; makeRoom(): Promise<void> }> {
  const site = await startSite();
  const [tab, reader] = [await run.browser.open(site.address), await run.browser.open(site.address)];
  onTestFinished(async () => {
    await Promise.all([tab.close(), reader.close()]);
    site.close();
  });
  const { origin } = new URL(site.address);
  await run.browser.setQuota(tab, origin, 4 * MEBIBYTE);
  return { tab, reader, makeRoom: () => run.browser.setQuota(tab, origin) };
}

describe.concurrent.each(KINDS)('$title', ({ place, option }) => {
  test('tells when there is no more space, keeps the last good image, and goes on when there is', async (context) => {
    const options = { [option]: run.freshName() };
    const { tab, reader, makeRoom } = await openShortOfSpace(context);
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'durable', 'db');

    const grown = await tab.outcome(place, 'grow', 'db', 8 * MEBIBYTE);
    const kept = await tab.outcome(place, 'durable', 'db');
    expect(grown.error?.code ?? kept.error?.code).toBe('quota-exceeded');
    await reader.call('page', 'open', 'db', { ...options, readonly: true });
    expect(await reader.call('page', 'numbers', 'db')).toEqual([1]);
    expect(await reader.call('page', 'grown', 'db')).toBe(0);
    if (option === 'indexedDB') {
      // Memory is ahead, and says so.
      expect(await tab.call(place, 'failures')).toContain('quota-exceeded');
      expect(await tab.call(place, 'grown', 'db')).toBe(8 * MEBIBYTE);
      await tab.call(place, 'shrink', 'db');
      // What failed counts until Chromium cleans up behind it.
      await makeRoom();
      await tab.call(place, 'fill', 'db', 2);
    } else {
      // Memory went back to what is on disk.
      expect(await tab.call(place, 'grown', 'db')).toBe(0);
      await tab.call(place, 'fill', 'db', 2);
    }
    await tab.call(place, 'durable', 'db');
    await reader.call('page', 'open', 'later', { ...options, readonly: true });
    expect(await reader.call('page', 'numbers', 'later')).toEqual([2]);

    await makeRoom();
    await tab.call(place, 'grow', 'db', 8 * MEBIBYTE);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'grown', 'db')).toBe(8 * MEBIBYTE);
  });

  test('a database that is closed without the space for its last state says so', async (context) => {
    if (option === 'opfs') return;
    const options = { [option]: run.freshName() };
    const { tab, makeRoom } = await openShortOfSpace(context);
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'durable', 'db');
    const lineage = await tab.call(place, 'lineage', 'db');
    await tab.call(place, 'grow', 'db', 8 * MEBIBYTE);
    expect((await tab.outcome(place, 'close', 'db')).error?.code).toBe('quota-exceeded');
    await makeRoom();
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([1]);
    expect(await tab.call(place, 'lineage', 'db')).not.toBe(lineage);
  });
});
