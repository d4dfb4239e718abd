/**
 * The statements of a transaction as bytes, for the journal. A statement's text stands in the journal once, where it is
 * first used; from there on its number takes its place.
 *
 * @module
 */
import { CodecError } from '../../errors.js';
import type { SqlValue } from '../sql-js.js';
import { ByteReader, ByteWriter } from './byte-stream.js';

/** A statement that was executed, with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Stands before a text that is used for the first time. */
const NEW_TEXT = 0xffffffff;

/** What kind of value follows. */
const Kind = { null: 0, number: 1, text: 2, bytes: 3 } as const;

function writeValue(writer: ByteWriter, value: SqlValue): void {
  if (value === null) {
    writer.u8(Kind.null);
  } else if (typeof value === 'number') {
    writer.u8(Kind.number);
    writer.f64(value);
  } else if (typeof value === 'string') {
    writer.u8(Kind.text);
    writer.text(value);
  } else {
    writer.u8(Kind.bytes);
    writer.bytes(value);
  }
}

function readValue(reader: ByteReader): SqlValue {
  const kind = reader.u8();
  switch (kind) {
    case Kind.null:
      return null;
    case Kind.number:
      return reader.f64();
    case Kind.text:
      return reader.text();
    case Kind.bytes:
      return reader.bytes();
    default:
      throw new CodecError(`a journal entry holds a value of the unknown kind ${kind}`);
  }
}

/** Encodes the transactions of one journal, in their order. */
export class StatementEncoder {
  readonly #numbers = new Map<string, number>();

  /** The bytes of one transaction. */
  encode(statements: readonly Statement[]): Uint8Array {
    const writer = new ByteWriter();
    for (const { sql, params } of statements) {
      this.#writeText(writer, sql);
      writer.u32(params.length);
      for (const value of params) writeValue(writer, value);
    }
    return writer.take();
  }

  #writeText(writer: ByteWriter, sql: string): void {
    const number = this.#numbers.get(sql);
    if (number !== undefined) {
      writer.u32(number);
      return;
    }
    this.#numbers.set(sql, this.#numbers.size);
    writer.u32(NEW_TEXT);
    writer.text(sql);
  }
}

/** Decodes the transactions of one journal, in their order. */
export class StatementDecoder {
  readonly #texts: string[] = [];

  /** @throws CodecError if the bytes are not what {@link StatementEncoder} wrote */
  decode(bytes: Uint8Array): Statement[] {
    const reader = new ByteReader(bytes);
    const statements: Statement[] = [];
    while (!reader.atEnd) {
      const sql = this.#readText(reader);
      const count = reader.u32();
      const params: SqlValue[] = [];
      for (let i = 0; i < count; i++) params.push(readValue(reader));
      statements.push({ sql, params });
    }
    return statements;
  }

  #readText(reader: ByteReader): string {
    const number = reader.u32();
    if (number === NEW_TEXT) {
      const text = reader.text();
      this.#texts.push(text);
      return text;
    }
    const text = this.#texts[number];
    if (text === undefined) throw new CodecError('a journal entry names a statement that did not come before');
    return text;
  }
}
