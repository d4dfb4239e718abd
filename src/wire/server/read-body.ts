/**
 * Reading a request's body: never more than its caller may send, never for longer than the time allowed, and no more than
 * so much at once over all requests.
 *
 * @module
 */
import { concatBytes } from '../../bytes.js';
import { WireRefusedError } from '../errors.js';
import { MAX_BODIES_IN_FLIGHT_BYTES, MAX_BODIES_OF_ADDRESS_BYTES, MAX_STRANGER_BODY_BYTES } from '../limits.js';
import { peekSigner, SIGNER_PREFIX_BYTES } from '../protocol/request.js';

/** The bytes of all bodies that one handler holds at present, and those of each address among them. */
export class BodyBudget {
  #bytes = 0;
  readonly #ofAddress = new Map<string, number>();

  /**
   * @param address '' where it is not known: such callers have no share of their own, but that of all
   * @throws WireRefusedError `busy`
   */
  take(address: string, bytes: number): void {
    const held = (this.#ofAddress.get(address) ?? 0) + bytes;
    const isOver = address !== '' && held > MAX_BODIES_OF_ADDRESS_BYTES;
    if (isOver || this.#bytes + bytes > MAX_BODIES_IN_FLIGHT_BYTES) throw new WireRefusedError('busy');
    this.#bytes += bytes;
    this.#ofAddress.set(address, held);
  }

  giveBack(address: string, bytes: number): void {
    this.#bytes -= bytes;
    const left = (this.#ofAddress.get(address) ?? 0) - bytes;
    if (left > 0) this.#ofAddress.set(address, left);
    else this.#ofAddress.delete(address);
  }
}

/** How a body is to be read. */
export interface BodyRules {
  /** Most bytes for a signer: that of a member, or, where it is null or unknown, of a stranger. */
  readonly limitOf: (signer: Uint8Array | null) => number;
  readonly timeoutMs: number;
  readonly budget: BodyBudget;
  /** Whose share of the budget it takes; '' where that is not known. */
  readonly address: string;
}

/** The limit as the bytes that came so far tell it. */
class SizeLimit {
  readonly #rules: BodyRules;
  #known: number | undefined;

  constructor(rules: BodyRules) {
    this.#rules = rules;
  }

  /** Whether so many bytes may come, given the first chunks of them. */
  allows(length: number, chunks: readonly Uint8Array[]): boolean {
    if (length <= MAX_STRANGER_BODY_BYTES && this.#known === undefined) return true;
    this.#known ??= this.#rules.limitOf(peekSigner(prefixOf(chunks)));
    return length <= this.#known;
  }
}

function prefixOf(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return first !== undefined && first.length >= SIGNER_PREFIX_BYTES ? first : concatBytes(...chunks);
}

/** The next chunk, or a refusal when the time is up. */
async function within<T>(work: Promise<T>, deadline: Promise<never>): Promise<T> {
  return Promise.race([work, deadline]);
}

/**
 * Reads the body of a request. What its head says about its length is believed only where it is too long already.
 *
 * @throws WireRefusedError `too-large`, `too-slow`, `busy`; `bad-request` if it breaks off
 */
export async function readBody(request: Request, rules: BodyRules): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WireRefusedError('too-slow')), rules.timeoutMs);
  });
  // Nobody may be waiting for it when it fails.
  deadline.catch(() => undefined);
  let held = 0;
  try {
    const chunks: Uint8Array[] = [];
    const limit = new SizeLimit(rules);
    for (;;) {
      const { done, value } = await within(reader.read(), deadline);
      if (done) return concatBytes(...chunks);
      rules.budget.take(rules.address, value.length);
      held += value.length;
      chunks.push(value);
      if (!limit.allows(held, chunks)) throw new WireRefusedError('too-large');
    }
  } catch (error) {
    // Whoever sends an endless body is told to stop; whether that succeeds matters to nobody.
    reader.cancel().catch(() => undefined);
    if (error instanceof WireRefusedError) throw error;
    throw new WireRefusedError('bad-request', 'the body broke off', { cause: error });
  } finally {
    clearTimeout(timer);
    rules.budget.giveBack(rules.address, held);
  }
}
