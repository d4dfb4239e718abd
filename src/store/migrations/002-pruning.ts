/**
 * Schema version 2: what pruning must remember.
 *
 * @module
 */
export const PRUNING_SCHEMA = `
-- Below seq a stream was pruned: what comes from there is old, and must not pass for new.
CREATE TABLE mesh_gossip_floor (
  mid       BLOB    NOT NULL REFERENCES mesh_roster (mid),
  stream_id BLOB    NOT NULL CHECK (length(stream_id) = 16),
  seq       INTEGER NOT NULL,
  PRIMARY KEY (mid, stream_id)
) STRICT, WITHOUT ROWID;
`;
