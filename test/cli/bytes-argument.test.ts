/** The one rule by which all commands take in bytes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { readBytesArgument, readBytesListArgument } from '../../src/cli/bytes-argument.js';
import { CommandFailure } from '../../src/cli/failure.js';
import { base64urlEncode } from '../../src/codec/base64url.js';
import { memoryIo } from './memory-io.js';

const folder = mkdtempSync(join(tmpdir(), 'bytes-argument-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const value = Uint8Array.of(0x85, 0x01, 0x0a, 0xff, 0x00, 0x20);
const text = base64urlEncode(value);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function read(argument: string, stdin: string | Uint8Array = ''): Promise<Uint8Array> {
  return readBytesArgument(memoryIo({ stdin }), 'REQUEST', argument);
}

function readList(argument: string, stdin: string | Uint8Array = ''): Promise<Uint8Array[]> {
  return readBytesListArgument(memoryIo({ stdin }), 'BUNDLE', argument);
}

describe('an argument that stands for bytes', () => {
  it('is base64url text if no file has its name', async () => {
    expect(await read(text)).toEqual(value);
  });

  it('is a file of raw bytes', async () => {
    expect(await read(file('raw', value))).toEqual(value);
  });

  it('is a file of text, wrapped lines, Windows line ends and a byte-order mark or not', async () => {
    expect(await read(file('plain', text))).toEqual(value);
    expect(await read(file('lines', `\ufeff${text.slice(0, 3)}\r\n${text.slice(3)}\r\n`))).toEqual(value);
  });

  it('is standard input, raw or text', async () => {
    expect(await read('-', value)).toEqual(value);
    expect(await read('-', `${text}\n`)).toEqual(value);
  });

  it('is the file, where a file has a name that could be base64url text', async () => {
    const name = file(text, Uint8Array.of(0x82, 0x00));
    expect(await read(name)).toEqual(Uint8Array.of(0x82, 0x00));
  });

  it('is taken whole when it is longer than a file name may be', async () => {
    const long = Uint8Array.of(0x82, ...new Uint8Array(70_000));
    expect(equalBytes(await read(base64urlEncode(long)), long)).toBe(true);
  });

  it('means the same raw or as text, whatever the bytes of the mesh are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0x80, max: 0x9f }), fc.uint8Array({ maxLength: 64 }), async (head, rest) => {
        const bytes = Uint8Array.of(head, ...rest);
        expect(await read('-', bytes)).toEqual(bytes);
        expect(await read('-', base64urlEncode(bytes))).toEqual(bytes);
        expect(await read(base64urlEncode(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['no-such-file.txt', 'REQUEST: no file has this name, and it is not base64url text'],
    // Good base64url text, but of nothing that the mesh makes: a mistyped file name.
    ['request', 'REQUEST: no file has this name, and it is not base64url text'],
    ['', 'REQUEST: no file has this name, and it is not base64url text'],
  ])('%j is refused', async (argument, message) => {
    await expect(read(argument)).rejects.toThrow(new CommandFailure('not-bytes', message));
  });

  it.each([
    ['nothing', ''],
    ['prose', 'hello, world'],
    ['padded text', `${text}=`],
    ['the text of other bytes', base64urlEncode(Uint8Array.of(1, 2, 3))],
    ['the bytes of a picture', Uint8Array.of(0x89 + 0x20, 0x50, 0x4e, 0x47)],
    ['text in UTF-16', new Uint8Array(Uint16Array.from([0xfeff, 0x68, 0x51]).buffer)],
  ])('is refused if standard input holds %s', async (_name, stdin) => {
    await expect(read('-', stdin)).rejects.toThrow(
      'standard input holds neither raw bytes of the mesh nor base64url text',
    );
  });

  it('is never repeated in a complaint, for it may hold a secret', async () => {
    await expect(read(`${text}!secret`)).rejects.not.toThrow('secret');
  });

  it('names a folder only to be refused', async () => {
    await expect(read(folder)).rejects.toThrow('is a folder');
  });
});

describe('an argument that may hold several values', () => {
  it('has them one a line', async () => {
    const other = Uint8Array.of(0x82, 0x01);
    expect(await readList('-', `${text}\n\n${base64urlEncode(other)}\r\n`)).toEqual([value, other]);
  });

  it('is one value if it is raw', async () => {
    expect(await readList('-', value)).toEqual([value]);
    expect(await readList(text)).toEqual([value]);
  });

  it('may be empty, as the events of somebody who has nothing new', async () => {
    expect(await readList('-', '')).toEqual([]);
  });

  it('is refused whole if one line is wrong', async () => {
    await expect(readList('-', `${text}\n#\n`)).rejects.toThrow('standard input holds neither');
  });
});
