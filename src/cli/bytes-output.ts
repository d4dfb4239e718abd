/**
 * Handing out bytes: as a line of base64url text on standard output, or raw with `--out FILE`.
 *
 * @module
 */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { base64urlEncode } from '../codec/base64url.js';
import type { CommandCall, JsonDocument } from './command-call.js';
import { OutputFile } from './output-file.js';

/** The option that {@link outOption} defines. */
export interface OutOptions {
  readonly out?: string;
}

/** What a command made. */
export interface Product {
  /** What `--out` writes. */
  readonly bytes: Uint8Array;
  /** What standard output gets without `--out`; base64url text of the bytes and a line break where absent. */
  readonly plain?: Uint8Array;
  /** What `--json` prints. */
  readonly document: JsonDocument;
  /** Lines for people, on standard error. */
  readonly remarks: readonly string[];
}

/** `--out FILE`. */
export function outOption(description = 'write the raw bytes to FILE (- for standard output)'): Option {
  return new Option('-o, --out <file>', description);
}

/** Runs the work and hands out what it made. Where the bytes cannot go is found out before the work begins. */
export async function produce(call: CommandCall, { out }: OutOptions, work: () => Promise<Product>): Promise<void> {
  if (out === '-') await produceRaw(call, work);
  else if (out === undefined) await deliver(call, await work());
  else await produceFile(call, out, work);
}

async function produceRaw(call: CommandCall, work: () => Promise<Product>): Promise<void> {
  if (call.json) call.wrongUsage('--out - and --json both want standard output');
  if (call.io.stdout.isTerminal) call.wrongUsage('--out - would write raw bytes to the terminal');
  const product = await work();
  await call.io.stdout.write(product.bytes);
  await call.remark(...product.remarks);
}

async function produceFile(call: CommandCall, out: string, work: () => Promise<Product>): Promise<void> {
  if (resolve(out) === resolve(call.databaseFile)) call.wrongUsage('--out names the database file');
  const file = new OutputFile(out);
  let product: Product;
  try {
    product = await work();
  } catch (error) {
    file.discard();
    throw error;
  }
  file.write(product.bytes);
  if (call.json) await call.answer(product.document, () => []);
  await call.remark(...product.remarks);
}

async function deliver(call: CommandCall, product: Product): Promise<void> {
  if (call.json) await call.answer(product.document, () => []);
  else await call.io.stdout.write(product.plain ?? `${base64urlEncode(product.bytes)}\n`);
  await call.remark(...product.remarks);
}
