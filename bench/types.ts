/**
 * The shapes that the parts of the benchmark exchange: what a peer offers, what a suite asks for, what a result holds.
 * Types only; nothing here exists when the benchmark runs.
 *
 * @module
 */

/** A result that may have to be awaited: WebCrypto and `@hpke/core` are asynchronous. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * An operation of a peer in one of its forms. It is given all inputs beforehand, so that a form with ready keys can
 * import them outside the timed call, and returns the call that is timed: `call(i)` works on input `i`.
 */
export type Operation<Input, Output> = (inputs: readonly Input[]) => Awaitable<(index: number) => Awaitable<Output>>;

/** X25519: 32-byte keys. */
export interface AgreementInput {
  readonly privateKey: Uint8Array;
  readonly peerPublicKey: Uint8Array;
}

/** A private key of 32 bytes whose public key is wanted. */
export interface PrivateKeyInput {
  readonly privateKey: Uint8Array;
}

/** Ed25519 signing: `privateKey` is the 32-byte seed. */
export interface SignInput {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
}

/** Ed25519 verification. */
export interface VerifyInput {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

/** A batch of signatures, verified in one call. */
interface VerifyBatchInput {
  readonly items: readonly VerifyInput[];
}

/** Authenticated encryption: `text` is the plaintext when sealing, ciphertext and tag when opening. */
export interface AeadInput {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly text: Uint8Array;
}

/** One HPKE seal (RFC 9180 base mode). `privateKey` is the recipient's, for checking what came out. */
export interface HpkeSealInput {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly info: Uint8Array;
}

/** One HPKE open. */
export interface HpkeOpenInput {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly info: Uint8Array;
}

/** One plaintext sealed to many recipients in one call. */
interface HpkeSealManyInput {
  readonly recipients: readonly HpkeSealInput[];
}

/** An HPKE message. */
export interface HpkeMessage {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** A fresh key pair; the private half is exported only when the check asks for it. */
export interface FreshKeypair {
  readonly publicKey: Uint8Array;
  readonly exportPrivateKey: () => Awaitable<Uint8Array>;
}

/** What comes out of sealing: the parts that belong one after the other. Most peers give one part, OpenSSL two. */
export type SealedParts = readonly Uint8Array[] | Uint8Array;

/** Every operation a peer may offer; absent ones are not timed. */
export interface Operations {
  readonly x25519?: Operation<AgreementInput, Uint8Array>;
  readonly dhPublicKey?: Operation<PrivateKeyInput, Uint8Array>;
  readonly dhKeygen?: Operation<PrivateKeyInput, FreshKeypair>;
  readonly sign?: Operation<SignInput, Uint8Array>;
  /** `sign` by a peer that remembers signers, with one that it has not met lately. */
  readonly signForgotten?: Operation<SignInput, Uint8Array>;
  /** `sign` with a key of which nothing is known but its seed. */
  readonly signFromSeed?: Operation<SignInput, Uint8Array>;
  readonly verify?: Operation<VerifyInput, boolean>;
  readonly verifyBatch?: Operation<VerifyBatchInput, boolean[]>;
  readonly aeadEncrypt?: Operation<AeadInput, SealedParts>;
  readonly aeadDecrypt?: Operation<AeadInput, Uint8Array>;
  /** With an array for the result, where the peer takes one. */
  readonly aeadEncryptInto?: Operation<AeadInput, SealedParts>;
  readonly aeadDecryptInto?: Operation<AeadInput, Uint8Array>;
  readonly xaeadEncrypt?: Operation<AeadInput, SealedParts>;
  readonly hpkeSeal?: Operation<HpkeSealInput, HpkeMessage>;
  readonly hpkeOpen?: Operation<HpkeOpenInput, Uint8Array>;
  readonly hpkeSealMany?: Operation<HpkeSealManyInput, HpkeMessage[]>;
  /** SHA-256, for composed jobs. */
  readonly sha256?: Operation<Uint8Array, Uint8Array>;
  /** Opens gossip's seal, with associated data, for composed jobs. */
  readonly openSeal?: Operation<SealInput, Uint8Array>;
}

/** A sealed message with associated data; the nonce has 24 bytes. */
export interface SealInput extends AeadInput {
  readonly aad: Uint8Array;
}

/** One way of using a peer, for example with ready key objects or from raw bytes. */
export interface PeerForm {
  /** Stable identifier, for example `node-crypto:ready`. The part before the colon is the peer's. */
  readonly id: string;
  /** What a reader of the table sees, for example `node:crypto, ready keys`. */
  readonly label: string;
  readonly operations: Operations;
  /** What composed jobs need besides, where this form is about one operation only. */
  readonly jobOperations?: Operations;
}

/** A library or runtime interface that arborist-mesh is compared with (or arborist-mesh itself). */
export interface Peer {
  readonly id: string;
  /** Loads the peer; rejects where this runtime does not have it. */
  readonly load: () => Promise<PeerForm[]>;
}

/** One way of doing a case's work: inputs, how many items a call handles, and the check of its result. */
export interface Task {
  /** Items that one call handles; the time is divided by it. */
  readonly itemsPerCall: number;
  /** Makes the call to be timed, or `undefined` if this form of this peer cannot do it. */
  readonly prepare: (form: PeerForm) => Awaitable<((index: number) => Awaitable<unknown>) | undefined>;
  /** How many distinct inputs there are; the calls go round them. */
  readonly inputCount: number;
  /** Throws if the result for input `index` is wrong. */
  readonly check: (result: unknown, index: number) => Awaitable<void>;
}

/** One line of comparison: the same work done by every form that can do it. */
export interface Case {
  readonly id: string;
  readonly title: string;
  /** What one item is, for the unit of the figures: `call`, `signature`, `slot`, … */
  readonly item: string;
  /** Explains what is compared, where that is not obvious. */
  readonly note?: string;
  /** How many items the work has, members or messages of a mission job, so that growth can be drawn. */
  readonly size?: number;
  /** What `size` counts if not items, for example `MB`. Such a case is no mission job. */
  readonly sizeUnit?: string;
  /** A form does the first of these that it can. */
  readonly tasks: readonly Task[];
  /** Forms that exist for this case only, such as composed jobs. */
  readonly forms?: readonly PeerForm[];
}

/** A group of cases measured in one process. */
export interface Suite {
  readonly id: string;
  readonly title: string;
  /** Words on the command line that select this suite besides its id. */
  readonly aliases?: readonly string[];
  /** It waits for other processes or for the disk: that it leaves its processor idle says nothing about the machine. */
  readonly waits?: boolean;
  readonly cases: (effort: Effort) => Awaitable<readonly Case[]>;
}

/** How much time the measurement may take. */
export interface Effort {
  readonly name: 'quick' | 'full';
  /** Rounds per case, if the budget allows. */
  readonly rounds: number;
  /** Never fewer rounds than this, whatever the budget. */
  readonly minimumRounds: number;
  /** Time of one form in one round, in milliseconds. */
  readonly sliceMs: number;
  /** Warm-up of each form, in milliseconds. */
  readonly warmUpMs: number;
  /** Time for all rounds of one case, in milliseconds. */
  readonly caseBudgetMs: number;
  /** Numbers of members and messages for the mission jobs. */
  readonly jobSizes: readonly number[];
}

/** Median and middle half of a series. */
export interface Spread {
  readonly median: number;
  /** First quartile. */
  readonly low: number;
  /** Third quartile. */
  readonly high: number;
}

/** What was measured of one form in one case. */
export interface ContenderResult {
  readonly id: string;
  readonly label: string;
  readonly status: 'measured' | 'unavailable' | 'wrong';
  /** Why it was not timed. */
  readonly reason?: string;
  /** Nanoseconds per item. */
  readonly time?: Spread;
  /** This form's time divided by arborist-mesh's, per round. Above 1: arborist-mesh is faster. */
  readonly ratio?: Spread;
  /** Nanoseconds per item in each round. */
  readonly rounds?: readonly number[];
}

/** One case's figures; the first contender is arborist-mesh. */
export interface CaseResult {
  readonly suite: string;
  readonly suiteTitle: string;
  readonly id: string;
  readonly title: string;
  readonly item: string;
  readonly note?: string;
  readonly size?: number;
  readonly sizeUnit?: string;
  readonly contenders: readonly ContenderResult[];
}

/** What the measured process tells the command while it works. */
export type AgentEvent =
  | { readonly type: 'runtime'; readonly runtime: RuntimeDescription }
  | { readonly type: 'missing-peer'; readonly peer: string; readonly reason: string }
  | {
      readonly type: 'progress';
      readonly suite: string;
      readonly title: string;
      readonly done: number;
      readonly of: number;
    }
  | { readonly type: 'case'; readonly result: CaseResult }
  /** The share of the time that other work took from the measurement; absent where the runtime cannot tell. */
  | { readonly type: 'done'; readonly lostShare?: number }
  | { readonly type: 'failed'; readonly message: string };

/** The engine that was measured. */
export interface RuntimeDescription {
  readonly name: string;
  readonly version: string;
}

/** What is asked of the measured process. */
export interface AgentPlan {
  readonly suite: string;
  readonly effort: Effort['name'];
}

/** A runtime in which suites can be measured. */
export interface RuntimeAdapter {
  readonly name: string;
  /** Installs what is missing; throws with the remedy if it cannot. */
  readonly prepare: () => Promise<void>;
  /** Runs one suite in a fresh process or page. */
  readonly run: (plan: AgentPlan, onEvent: (event: AgentEvent) => void) => Promise<void>;
}

/** The time from starting a process to a first result, in milliseconds. */
export interface StartUpResult {
  readonly id: string;
  readonly label: string;
  readonly importMs: Spread;
  readonly firstCallMs: Spread;
  readonly totalMs: Spread;
}

/** The size of a bundle with X25519, Ed25519 and ChaCha20-Poly1305, in bytes. */
export interface SizeResult {
  readonly id: string;
  readonly label: string;
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
}

/** What a fresh process holds after import and one call of each kind, above an empty one, in bytes. */
export interface MemoryResult {
  readonly id: string;
  readonly label: string;
  readonly residentBytes: Spread;
  readonly heapBytes: Spread;
}

/** A results file. */
export interface Results {
  readonly format: 1;
  readonly date: string;
  readonly effort: Effort['name'];
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly system: string;
  };
  readonly runtime: RuntimeDescription;
  /** The largest share of a suite's time that other work took from it, 0 to 1; null where unknown. */
  readonly lostShare: number | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
  readonly cases: readonly CaseResult[];
  readonly startUp: readonly StartUpResult[];
  readonly sizes: readonly SizeResult[];
  readonly memory: readonly MemoryResult[];
}
