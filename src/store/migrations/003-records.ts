/**
 * Schema version 3: records of documents, and the chunks of documents.
 *
 * What a record says of a document's content stands once for all records that say the same, whoever signed them and under
 * whatever URI: peers that agree share one row, its leaves and its chunks. Leaves are one blob for each document, 32 bytes a
 * chunk, in a table of their own, so that counting chunks does not rewrite them. Nothing here is secret.
 *
 * @module
 */
export const RECORDS_SCHEMA = `
-- What records say of contents. verdict is null while this peer has not chunked the content itself; then 1 if it found what
-- is said here, 0 if the chunks that are committed to here cannot be that content. chunks and chunk_bytes count mesh_chunk.
CREATE TABLE mesh_document (
  document_id      INTEGER PRIMARY KEY,
  document_root    BLOB    NOT NULL CHECK (length(document_root) = 32),
  leaf_count       INTEGER NOT NULL,
  content_length   INTEGER NOT NULL,
  content_sha256   BLOB    NOT NULL CHECK (length(content_sha256) = 32),
  canonicalization TEXT    NOT NULL,
  chunker          TEXT    NOT NULL,
  chunker_params   BLOB    NOT NULL,
  verdict          INTEGER CHECK (verdict IN (0, 1)),
  chunks           INTEGER NOT NULL,
  chunk_bytes      INTEGER NOT NULL,
  UNIQUE (document_root, content_sha256, leaf_count, content_length, canonicalization, chunker, chunker_params)
) STRICT;

-- Records as signed or received, byte for byte; the other columns repeat what queries need. msg_id is the message that
-- brought the record, or that first took it to the others; null while only this peer knows it.
CREATE TABLE mesh_record (
  arrival     INTEGER PRIMARY KEY,
  record_id   BLOB    NOT NULL UNIQUE CHECK (length(record_id) = 32),
  mid         BLOB    NOT NULL REFERENCES mesh_roster (mid),
  uri         TEXT    NOT NULL,
  document_id INTEGER NOT NULL REFERENCES mesh_document (document_id),
  created_at  INTEGER NOT NULL,
  msg_id      BLOB    CHECK (length(msg_id) = 32),
  frame       BLOB    NOT NULL
) STRICT;
CREATE INDEX mesh_record_by_uri ON mesh_record (uri, mid, document_id);
CREATE INDEX mesh_record_by_author ON mesh_record (mid);

-- The leaf hashes of a document that this peer chunked itself, one after the other.
CREATE TABLE mesh_leaves (
  document_id INTEGER PRIMARY KEY REFERENCES mesh_document (document_id),
  leaves      BLOB NOT NULL CHECK (length(leaves) % 32 = 0)
) STRICT;

-- Chunks that are kept; place counts from 0. Each one is proven to stand there, by its leaf or by a proof.
CREATE TABLE mesh_chunk (
  document_id INTEGER NOT NULL REFERENCES mesh_document (document_id),
  place       INTEGER NOT NULL,
  bytes       BLOB    NOT NULL,
  PRIMARY KEY (document_id, place)
) STRICT;
`;
