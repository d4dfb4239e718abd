/**
 * Schema version 5: what peers need to find and join each other over a network.
 *
 * The column that holds a secret: private_key of mesh_certificate, 32 bytes in the clear and 72 sealed.
 *
 * @module
 */
export const WIRE_SCHEMA = `
-- The newest endpoint record of each member: where it can be reached.
CREATE TABLE mesh_endpoint (
  mid         BLOB    NOT NULL PRIMARY KEY REFERENCES mesh_roster (mid),
  seq         INTEGER NOT NULL,
  url         TEXT    NOT NULL,
  cert_sha256 BLOB    CHECK (length(cert_sha256) = 32),
  expires     INTEGER NOT NULL,
  frame       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Peers that the user named.
CREATE TABLE mesh_peer (
  url         TEXT    NOT NULL PRIMARY KEY,
  cert_sha256 BLOB    CHECK (length(cert_sha256) = 32),
  added_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Join requests that came over the wire and wait for an admin, in the order of their arrival. Only such as prove that
-- they know an invite of this peer.
CREATE TABLE mesh_pending_join (
  arrival     INTEGER PRIMARY KEY,
  request_id  BLOB    NOT NULL UNIQUE CHECK (length(request_id) = 32),
  invite_id   BLOB    NOT NULL REFERENCES mesh_invite (invite_id),
  received_at INTEGER NOT NULL,
  request     BLOB    NOT NULL
) STRICT;

-- This peer's own requests that are handed in over the wire, and where. Nothing secret: the proofs in a request are made.
CREATE TABLE mesh_outgoing_join (
  request_id BLOB NOT NULL PRIMARY KEY REFERENCES mesh_join_request (request_id) ON DELETE CASCADE,
  invite_id  BLOB NOT NULL CHECK (length(invite_id) = 16),
  request    BLOB NOT NULL,
  addresses  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Invites whose answer is added at once, without an admin's look.
CREATE TABLE mesh_open_invite (
  invite_id BLOB NOT NULL PRIMARY KEY REFERENCES mesh_invite (invite_id),
  role      TEXT NOT NULL CHECK (role IN ('admin', 'member'))
) STRICT, WITHOUT ROWID;

-- The certificate (X.509, DER) that this peer made for itself, and the P-256 scalar of its private key.
CREATE TABLE mesh_certificate (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  certificate BLOB    NOT NULL,
  private_key BLOB    NOT NULL CHECK (length(private_key) IN (32, 72)),
  expires     INTEGER NOT NULL
) STRICT;
`;
