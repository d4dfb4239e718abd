/**
 * Schema version 4: secrets may be sealed, which makes them 72 bytes long instead of 32: a nonce of 24 bytes, the
 * ciphertext, and a tag of 16. Whether they are is one fact of the whole database: `data_key` in `meta`.
 *
 * SQLite cannot alter a CHECK, so the three tables are made anew.
 *
 * @module
 */
export const SEALED_SECRETS_SCHEMA = `
CREATE TABLE mesh_identity_4 (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  member_id  TEXT    NOT NULL,
  sign_priv  BLOB    NOT NULL CHECK (length(sign_priv) IN (32, 72)),
  sign_pub   BLOB    NOT NULL CHECK (length(sign_pub) = 32),
  dh_priv    BLOB    NOT NULL CHECK (length(dh_priv) IN (32, 72)),
  dh_pub     BLOB    NOT NULL CHECK (length(dh_pub) = 32),
  group_id   BLOB    CHECK (length(group_id) = 32),
  group_name TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO mesh_identity_4 SELECT * FROM mesh_identity;
DROP TABLE mesh_identity;
ALTER TABLE mesh_identity_4 RENAME TO mesh_identity;

CREATE TABLE mesh_invite_4 (
  invite_id BLOB    NOT NULL PRIMARY KEY CHECK (length(invite_id) = 16),
  secret    BLOB    CHECK (length(secret) IN (32, 72)),
  head      BLOB    NOT NULL REFERENCES mesh_event (event_id),
  expires   INTEGER NOT NULL,
  used_by   BLOB    CHECK (length(used_by) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO mesh_invite_4 SELECT * FROM mesh_invite;
DROP TABLE mesh_invite;
ALTER TABLE mesh_invite_4 RENAME TO mesh_invite;

CREATE TABLE mesh_secret_4 (
  event_id BLOB NOT NULL PRIMARY KEY REFERENCES mesh_event (event_id),
  secret   BLOB NOT NULL CHECK (length(secret) IN (32, 72))
) STRICT, WITHOUT ROWID;
INSERT INTO mesh_secret_4 SELECT * FROM mesh_secret;
DROP TABLE mesh_secret;
ALTER TABLE mesh_secret_4 RENAME TO mesh_secret;
`;
