import { describe, expect, test } from 'vitest';
import { KINDS, useBrowser } from './support/browser-run.js';

const run = useBrowser();

describe.concurrent.each(KINDS)('$title', ({ place, option }) => {
  test('a database of another application is refused, not written to and not deleted', async () => {
    const name = run.freshName();
    const tab = await run.open();
    await tab.call(place, 'makeForeign', option, name);
    const before = await tab.call(place, 'inspect', option, name);
    for (const readonly of [false, true]) {
      const refused = await tab.outcome(place, 'open', 'db', { [option]: name, readonly });
      expect(refused.error).toMatchObject({ name: 'CorruptDatabaseError', code: 'corrupt-database' });
    }
    expect((await tab.outcome(place, 'remove', { [option]: name })).error?.name).toBe('CorruptDatabaseError');
    expect(await tab.call(place, 'inspect', option, name)).toEqual(before);
    await tab.close();
  });

  test('a damaged one is refused and not written to, and may be deleted', async () => {
    const name = run.freshName();
    const options = { [option]: name };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', options);
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'damage', option, name);
    const before = await tab.call(place, 'inspect', option, name);
    for (const readonly of [false, true]) {
      const refused = await tab.outcome(place, 'open', 'db', { ...options, readonly });
      expect(refused.error).toMatchObject({ name: 'CorruptDatabaseError', code: 'corrupt-database' });
    }
    expect(await tab.call(place, 'inspect', option, name)).toEqual(before);
    expect(await tab.call(place, 'remove', options)).toBe(true);
    await tab.call(place, 'open', 'db', options);
    await tab.close();
  });

  test('one whose last image is damaged goes back to the image before, after saying so', async () => {
    const name = run.freshName();
    const options = { [option]: name };
    const tab = await run.open();
    await tab.call(place, 'open', 'db', { ...options, journalFrom: 1 << 30 });
    await tab.call(place, 'fill', 'db', 1);
    await tab.call(place, 'durable', 'db');
    await tab.call(place, 'fill', 'db', 2);
    await tab.call(place, 'durable', 'db');
    expect((await tab.outcome(place, 'recover', options, false)).error?.name).toBe('DatabaseLockedError');
    await tab.reload();
    expect(await tab.call(place, 'recover', options, false)).toMatchObject({ action: 'none', file: { state: 'good' } });
    await tab.call(place, 'damageLatest', option, name);
    expect((await tab.outcome(place, 'open', 'db', options)).error?.code).toBe('corrupt-database');
    const before = await tab.call(place, 'inspect', option, name);
    const plan = { action: 'replace', file: { state: 'damaged' }, source: { state: 'good' } };
    expect(await tab.call(place, 'recover', options, true)).toMatchObject({ ...plan, done: false });
    expect(await tab.call(place, 'inspect', option, name)).toEqual(before);
    expect(await tab.call(place, 'recover', options, false)).toMatchObject({ ...plan, done: true });
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([1]);
    await tab.call(place, 'fill', 'db', 3);
    await tab.call(place, 'close', 'db');
    await tab.call(place, 'open', 'db', options);
    expect(await tab.call(place, 'numbers', 'db')).toEqual([3]);
    await tab.close();
  });
});
