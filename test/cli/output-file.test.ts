/** The file that `--out` names. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OutputFile } from '../../src/cli/output-file.js';

const folder = mkdtempSync(join(tmpdir(), 'output-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an output file', () => {
  it('is private when it is new', () => {
    const path = join(folder, 'new');
    new OutputFile(path).write(Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps its content until it is written, and has nothing of it afterwards', () => {
    const path = join(folder, 'old');
    writeFileSync(path, 'something long');
    const file = new OutputFile(path);
    expect(readFileSync(path, 'utf8')).toBe('something long');
    file.write(Uint8Array.of(1));
    expect([...readFileSync(path)]).toEqual([1]);
  });

  it('is as before when nothing came of it', () => {
    const [fresh, old] = [join(folder, 'fresh'), join(folder, 'kept')];
    writeFileSync(old, 'kept');
    for (const path of [fresh, old]) new OutputFile(path).discard();
    expect(existsSync(fresh)).toBe(false);
    expect(readFileSync(old, 'utf8')).toBe('kept');
  });

  it('may be a device', () => {
    expect(() => new OutputFile('/dev/null').write(Uint8Array.of(1))).not.toThrow();
  });

  it('that cannot be written is noticed at once', () => {
    expect(() => new OutputFile(join(folder, 'no', 'such', 'folder'))).toThrow('no such file or folder');
    expect(() => new OutputFile(folder)).toThrow('is a folder');
  });
});
