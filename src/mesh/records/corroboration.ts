/**
 * Corroboration: who vouches for what under a URI, agreeing and disagreeing claims side by side.
 *
 * Roots can be compared only where the canonicalization and the chunker are the same, and contents only where the
 * canonicalization is; claims under other ones neither agree nor disagree.
 *
 * @module
 */
import type { MeshDatabase } from '../../store/database.js';
import { byteKey } from '../byte-key.js';
import { findGroup } from '../group.js';
import { requireUri } from '../names.js';
import { chunkerParams, type DocumentCommitment } from './record-frame.js';
import { readRecords, type StoredRecord } from './record-store.js';

/** One author's word for a document. */
export interface Voucher {
  /** 32 bytes. */
  readonly recordId: Uint8Array;
  /** The author's name. */
  readonly author: string;
  /** 32 bytes: the author's member instance id. */
  readonly mid: Uint8Array;
  /** Whether the author is a member now. */
  readonly isMember: boolean;
  /** Seconds since the Unix epoch, as the author says. */
  readonly createdAt: number;
}

/** A document that someone vouches for under the URI. */
export interface VouchedDocument extends DocumentCommitment {
  /** In the order in which their records came; an author who signed several that say the same stands here once. */
  readonly vouchers: readonly Voucher[];
  /** As of a record: whether this peer knows it to be true, or false; null while it does not know. */
  readonly verified: boolean | null;
}

/** What is claimed under a URI. */
export interface Corroboration {
  readonly uri: string;
  /** Those with the most vouchers who are members now come first; then the one heard of first. */
  readonly documents: readonly VouchedDocument[];
  /** Whether two claims cannot both be true of one content. */
  readonly isDisputed: boolean;
  /** Authors who vouch for claims that cannot both be true of one content: a new version, or two stories. */
  readonly contradictoryAuthors: readonly { readonly author: string; readonly mid: Uint8Array }[];
}

/** Notes the first value of a key, and tells whether this is another one. */
function differsFromFirst(firsts: Map<string, string>, key: string, value: string): boolean {
  const first = firsts.get(key) ?? value;
  firsts.set(key, first);
  return first !== value;
}

/** Whether two of the claims cannot both be true of one content. */
function hasContradiction(claims: readonly DocumentCommitment[]): boolean {
  const contents = new Map<string, string>();
  const roots = new Map<string, string>();
  return claims.some(({ canonicalization, chunker, contentLength, contentSha256, leafCount, documentRoot }) => {
    const content = `${contentLength} ${byteKey(contentSha256)}`;
    const cutting = `${canonicalization} ${chunker.name} ${chunkerParams(chunker)} ${content}`;
    return (
      differsFromFirst(contents, canonicalization, content) ||
      differsFromFirst(roots, cutting, `${leafCount} ${byteKey(documentRoot)}`)
    );
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function vouchedDocument(same: readonly StoredRecord[], isMember: (mid: Uint8Array) => boolean): VouchedDocument {
  const [first] = same as [StoredRecord, ...StoredRecord[]];
  const { documentRoot, leafCount, contentLength, contentSha256, canonicalization, chunker, verified } = first;
  const vouchers = groupBy(same, ({ mid }) => byteKey(mid)).map(([record]) => {
    const { recordId, author, mid, createdAt } = record as StoredRecord;
    return { recordId, author, mid, isMember: isMember(mid), createdAt };
  });
  return { documentRoot, leafCount, contentLength, contentSha256, canonicalization, chunker, vouchers, verified };
}

/**
 * Who vouches for which document under a URI.
 *
 * @throws InvalidInputError if `uri` is not one
 */
export function corroboration(db: MeshDatabase, uri: string): Corroboration {
  requireUri(uri);
  const roster = findGroup(db)?.roster;
  const isMember = (mid: Uint8Array) => (roster?.byMid(mid) ?? null) !== null;
  const found = readRecords(db, uri);
  const documents = groupBy(found, ({ documentId }) => documentId).map((same) => vouchedDocument(same, isMember));
  const members = ({ vouchers }: VouchedDocument) => vouchers.filter((voucher) => voucher.isMember).length;
  const byAuthor = groupBy(found, ({ mid }) => byteKey(mid));
  return {
    uri,
    documents: documents.sort((a, b) => members(b) - members(a)),
    isDisputed: hasContradiction(documents),
    contradictoryAuthors: byAuthor
      .filter((claims) => hasContradiction(claims))
      .map(([claim]) => ({ author: (claim as StoredRecord).author, mid: (claim as StoredRecord).mid })),
  };
}
