import { describe, expect, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';

const run = useBrowser();

describe.concurrent.each(KINDS)('$title', ({ place, option }) => {
  test('is written by one tab; another one is told so, and gets it when the first closes', async () => {
    const options = { [option]: run.freshName() };
    const [first, second] = [await run.open(), await run.open()];
    await first.call(place, 'open', 'db', options);
    await first.call(place, 'fill', 'db', 1);
    const refused = await second.outcome(place, 'open', 'db', options);
    expect(refused.error).toMatchObject({ name: 'DatabaseLockedError', code: 'database-locked' });
    await first.call(place, 'fill', 'db', 2);
    await first.call(place, 'close', 'db');
    await second.call(place, 'open', 'db', options);
    expect(await second.call(place, 'numbers', 'db')).toEqual([2]);
    await second.call(place, 'fill', 'db', 3);
    await second.call(place, 'close', 'db');
    await first.call(place, 'open', 'db', options);
    expect(await first.call(place, 'numbers', 'db')).toEqual([3]);
    await Promise.all([first.close(), second.close()]);
  });

  test('is free again when the tab that has it is closed, crashes or loads anew', async () => {
    const options = { [option]: run.freshName() };
    const ends = ['close', 'crash', 'reload'] as const;
    for (const [n, end] of ends.entries()) {
      const [first, second] = [await run.open(), await run.open()];
      await first.call(place, 'open', 'db', options);
      await first.call(place, 'fill', 'db', n);
      await first.call(place, 'durable', 'db');
      await first[end]();
      await second.call(place, 'open', 'db', options);
      expect(await second.call(place, 'numbers', 'db')).toEqual([n]);
      await second.close();
      if (end !== 'close') await first.close();
    }
  });

  test('is refused to the same page as well, while it has it open', async () => {
    const options = { [option]: run.freshName() };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    expect((await tab.outcome(place, 'open', 'other', options)).error?.name).toBe('DatabaseLockedError');
    await tab.close();
  });

  test('is read beside its writer, as it was on disk then', async () => {
    const options = { [option]: run.freshName() };
    const [writer, reader] = [await run.open(), await run.open()];
    await writer.call(place, 'open', 'db', options);
    await writer.call(place, 'fill', 'db', 1);
    await writer.call(place, 'durable', 'db');
    for (const where of ['page', 'worker'] as const) {
      await reader.call(where, 'open', 'db', { ...options, readonly: true });
      expect(await reader.call(where, 'numbers', 'db')).toEqual([1]);
      expect((await reader.outcome(where, 'fill', 'db', 9)).error?.code).toBe('read-only');
    }
    await writer.call(place, 'fill', 'db', 2);
    await writer.call(place, 'durable', 'db');
    expect(await reader.call('page', 'numbers', 'db')).toEqual([1]);
    await reader.call('page', 'open', 'later', { ...options, readonly: true });
    expect(await reader.call('page', 'numbers', 'later')).toEqual([2]);
    await Promise.all([writer.close(), reader.close()]);
  });

  test('is read whole while it is written without a pause', async () => {
    const options = { [option]: run.freshName() };
    const [writer, reader] = [await run.open(), await run.open()];
    await writer.call(place, 'open', 'db', options);
    await writer.call(place, 'fill', 'db', 0);
    await writer.call(place, 'durable', 'db');
    await writer.call(place, 'run', 'db', 1);
    for (let i = 0; i < 20; i++) {
      await reader.call('page', 'open', 'db', { ...options, readonly: true });
      expect(await reader.call('page', 'numbers', 'db')).toHaveLength(1);
      await reader.call('page', 'close', 'db');
    }
    await Promise.all([writer.close(), reader.close()]);
  });

  test('is not written to after another program took its lock or its content', async () => {
    for (const sabotage of ['stealLock', 'tamper'] as const) {
      const name = run.freshName();
      const options = { [option]: name };
      const tab = await run.open();
      await tab.call(place, 'open', 'db', options);
      await tab.call(place, 'fill', 'db', 1);
      await tab.call(place, 'durable', 'db');
      if (sabotage === 'tamper' && option === 'opfs') continue; // The browser lets nobody near a file that is open.
      await tab.call(place, sabotage, option, name);
      const written = await tab.outcome(place, 'fill', 'db', 2);
      const kept = await tab.outcome(place, 'durable', 'db');
      const code = written.error?.code ?? kept.error?.code;
      expect(code).toBe('file-changed');
      expect((await tab.outcome(place, 'fill', 'db', 3)).error?.code).toMatch(/file-changed|database-failed/);
      await tab.close();
    }
  });
});

test('OPFS is refused where it cannot be written, with a word on what to do', async () => {
  const tab = await run.open();
  const refused = await tab.outcome('page', 'open', 'db', { opfs: run.freshName() });
  expect(refused.error?.code).toBe('storage-unavailable');
  expect(refused.error?.message).toMatch(/dedicated worker.*indexedDB/);
  await tab.close();
});
