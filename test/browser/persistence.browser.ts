import { describe, expect, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';

const run = useBrowser();

// Ends the browser of all.
describe.each(KINDS)('$title', ({ place, option }) => {
  test('is found again after closing, after a reload, and after the browser was ended', async () => {
    const options = { [option]: run.freshName() };
    let tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([]);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([1]);
    await tab.call(place, 'fill', 'db', 2);
    await tab.call(place, 'durable', 'db');

    await tab.reload();
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([2]);
    await tab.call(place, 'fill', 'db', 3);
    await tab.call(place, 'durable', 'db');

    await run.restart();
    tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([3]);
    await tab.close();
  });
});

describe.concurrent.each(KINDS)('$title', ({ place, option }) => {
  test('may be closed and opened again in one breath, without a loss', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    for (let n = 1; n <= 5; n++) {
      await tab.call(place, 'fill', 'db', n);
      await tab.call(place, 'closeOnly', 'db');
      await tab.call(place, 'open', 'db', options);
      expect(await tab.call(place, 'numbers', 'db')).toEqual([n]);
    }
    await tab.close();
  });

  test('goes on with its lineage after it was closed, and begins a new one after the tab was', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    const first = await tab.call(place, 'lineage', 'db');
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'lineage', 'db')).toBe(first);
    await tab.call(place, 'close', 'db');
    await tab.reload();
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'lineage', 'db')).toBe(first);
    await tab.call(place, 'fill', 'db', 2);
    await tab.call(place, 'durable', 'db');
    await tab.close();

    const other = await run.open();
    await other.call(place, 'open', 'db', options);
    expect(await other.call(place, 'numbers', 'db')).toEqual([2]);
    const second = await other.call(place, 'lineage', 'db');
    expect(second).not.toBe(first);
    await other.call(place, 'close', 'db');
    await other.call(place, 'open', 'db', options);
    // Nothing was written meanwhile that names the second one, so that it is not known to be unbroken.
    expect(await other.call(place, 'lineage', 'db')).not.toBe(first);
    await other.close();
  });

  test('keeps a group, its gossip and its history', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'found', 'db');
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'verify', 'db')).toEqual({ ok: true, events: 3, messages: 1 });
    await tab.close();
  });

  test('keeps secrets under a passphrase', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', { ...options, passphrase: 'four trees in a row' });
    await tab.call(place, 'found', 'db');
    await tab.call(place, 'close', 'db');
    expect((await tab.outcome(place, 'open', 'db', options)).error?.code).toBe('passphrase-required');
    await tab.call(place, 'open', 'db', { ...options, passphrase: 'four trees in a row' });
    expect(await tab.call(place, 'verify', 'db')).toMatchObject({ ok: true });

    await tab.call(place, 'protect', 'db', 'five trees in a row');
    await tab.call(place, 'close', 'db');
    const wrong = { ...options, passphrase: 'four trees in a row' };
    expect((await tab.outcome(place, 'open', 'db', wrong)).error?.code).toBe('wrong-passphrase');
    await tab.call(place, 'open', 'db', { ...options, passphrase: 'five trees in a row' });
    expect(await tab.call(place, 'verify', 'db')).toMatchObject({ ok: true });
    await tab.close();
  });

  test('is made from what another one exported, with a lineage of its own, and replaces none', async () => {
    const options = { [option]: run.freshName() };
    const copy = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 7);
    await tab.call(place, 'openCopy', 'copy', 'db', copy);
    expect(await tab.call(place, 'lineage', 'copy')).not.toBe(await tab.call(place, 'lineage', 'db'));
    await tab.call(place, 'close', 'copy');
    expect((await tab.outcome(place, 'openCopy', 'copy', 'db', copy)).error?.code).toBe('file-exists');
    await tab.call(place, 'open', 'copy', copy);
    expect(await tab.call(place, 'numbers', 'copy')).toEqual([7]);
    await tab.close();
  });

  test('is deleted when nobody has it open, and is then a new one', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    expect(await tab.call(place, 'remove', options)).toBe(false);
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    expect((await tab.outcome(place, 'remove', options)).error?.name).toBe('DatabaseLockedError');
    await tab.call(place, 'closeOnly', 'db');
    expect(await tab.call(place, 'remove', options)).toBe(true);
    const missing = await tab.outcome(place, 'open', 'db', { ...options, readonly: true });
    expect(missing.error?.code).toBe('no-such-file');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([]);
    await tab.close();
  });
});

test('what a program does not use is not loaded', async () => {
  const tab = await run.open();
  run.site.asked.length = 0;
  await tab.call('page', 'open', 'db', {});
  expect(run.site.asked.filter((path) => /indexeddb|opfs|browser/.test(path))).toEqual([]);
  await tab.call('page', 'open', 'db', { indexedDB: run.freshName() });
  expect(run.site.asked.filter((path) => /indexeddb/.test(path))).toHaveLength(1);
  expect(run.site.asked.filter((path) => /opfs/.test(path))).toEqual([]);
  await tab.close();
});
