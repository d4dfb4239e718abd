/**
 * Schema version 1: identity, the tree of membership events, and gossip.
 *
 * Everything that belongs to a point in the history is keyed by event id, never by epoch: two events may claim the same
 * epoch. No table has a row for each member and epoch, so the size grows with the changes. Tables of small rows have no
 * rowid, which saves a second b-tree; tables of frames keep it, since wide rows make a deep index tree.
 *
 * The columns that hold secrets: sign_priv and dh_priv of mesh_identity, secret of mesh_invite and of mesh_secret.
 *
 * @module
 */
export const MEMBERSHIP_SCHEMA = `
-- Settings and small facts about this database, such as whether the mesh is enabled.
CREATE TABLE meta (
  key   TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

-- Who this peer is. Until a welcome group_id is null and group_name empty. Which member instance this peer is follows
-- from sign_pub and the roster.
CREATE TABLE mesh_identity (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  member_id  TEXT    NOT NULL,
  sign_priv  BLOB    NOT NULL CHECK (length(sign_priv) = 32),
  sign_pub   BLOB    NOT NULL CHECK (length(sign_pub) = 32),
  dh_priv    BLOB    NOT NULL CHECK (length(dh_priv) = 32),
  dh_pub     BLOB    NOT NULL CHECK (length(dh_pub) = 32),
  group_id   BLOB    CHECK (length(group_id) = 32),
  group_name TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- This peer's own requests that wait for a welcome, with what the invite said about the group. No invite secret.
CREATE TABLE mesh_join_request (
  request_id       BLOB NOT NULL PRIMARY KEY CHECK (length(request_id) = 32),
  group_id         BLOB NOT NULL CHECK (length(group_id) = 32),
  head             BLOB NOT NULL CHECK (length(head) = 32),
  inviter          BLOB NOT NULL CHECK (length(inviter) = 32),
  inviter_sign_pub BLOB NOT NULL CHECK (length(inviter_sign_pub) = 32),
  inviter_dh_pub   BLOB NOT NULL CHECK (length(inviter_dh_pub) = 32)
) STRICT, WITHOUT ROWID;

-- Invites that this peer gave out, with the head that each one names. An invite works once: then its secret is dropped
-- and used_by names the add.
CREATE TABLE mesh_invite (
  invite_id BLOB    NOT NULL PRIMARY KEY CHECK (length(invite_id) = 16),
  secret    BLOB    CHECK (length(secret) = 32),
  head      BLOB    NOT NULL REFERENCES mesh_event (event_id),
  expires   INTEGER NOT NULL,
  used_by   BLOB    CHECK (length(used_by) = 32)
) STRICT, WITHOUT ROWID;

-- Valid events, a tree. The frame is what was received, byte for byte; the other columns repeat what queries need.
-- on_head_path marks the events from genesis to the head, which is the last of them; standing marks the kicks that
-- counted in the choice of the head.
CREATE TABLE mesh_event (
  event_id     BLOB    NOT NULL PRIMARY KEY CHECK (length(event_id) = 32),
  parent       BLOB    REFERENCES mesh_event (event_id),
  epoch        INTEGER NOT NULL,
  kind         TEXT    NOT NULL CHECK (kind IN ('genesis', 'add', 'kick', 'rotate')),
  actor        BLOB    NOT NULL CHECK (length(actor) = 32),
  target       BLOB    CHECK (length(target) = 32),
  on_head_path INTEGER NOT NULL CHECK (on_head_path IN (0, 1)),
  standing     INTEGER NOT NULL CHECK (standing IN (0, 1)),
  frame        BLOB    NOT NULL
) STRICT;
CREATE INDEX mesh_event_by_parent ON mesh_event (parent, actor);
CREATE INDEX mesh_event_by_actor ON mesh_event (actor, on_head_path, epoch);
CREATE INDEX mesh_event_by_target ON mesh_event (target, on_head_path) WHERE target IS NOT NULL;
CREATE INDEX mesh_event_losing_kicks ON mesh_event (target) WHERE standing = 1 AND on_head_path = 0;
CREATE UNIQUE INDEX mesh_event_head_path ON mesh_event (epoch) WHERE on_head_path = 1;
CREATE INDEX mesh_event_roster_changes ON mesh_event (epoch) WHERE on_head_path = 1 AND kind <> 'rotate';
CREATE INDEX mesh_event_side_branches ON mesh_event (epoch) WHERE on_head_path = 0;

-- Member instances, one row each for ever; mid is the id of the event that added the member.
CREATE TABLE mesh_roster (
  mid       BLOB NOT NULL PRIMARY KEY REFERENCES mesh_event (event_id),
  sign_pub  BLOB NOT NULL CHECK (length(sign_pub) = 32),
  dh_pub    BLOB NOT NULL CHECK (length(dh_pub) = 32),
  member_id TEXT NOT NULL,
  role      TEXT NOT NULL CHECK (role IN ('admin', 'member'))
) STRICT, WITHOUT ROWID;
CREATE INDEX mesh_roster_by_key ON mesh_roster (sign_pub);

-- Epoch secrets that this peer made or could open.
CREATE TABLE mesh_secret (
  event_id BLOB NOT NULL PRIMARY KEY REFERENCES mesh_event (event_id),
  secret   BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT, WITHOUT ROWID;

-- Envelopes as received. Not every peer has every one.
CREATE TABLE mesh_envelope (
  event_id BLOB NOT NULL PRIMARY KEY REFERENCES mesh_event (event_id),
  envelope BLOB NOT NULL
) STRICT;

-- Bundles that came too early, in the order of their arrival: they wait for their signer's add or for their parent.
CREATE TABLE mesh_orphan (
  arrival     INTEGER PRIMARY KEY,
  orphan_id   BLOB    NOT NULL UNIQUE CHECK (length(orphan_id) = 32),
  waiting_for BLOB    NOT NULL CHECK (length(waiting_for) = 32),
  actor       BLOB    NOT NULL CHECK (length(actor) = 32),
  size        INTEGER NOT NULL,
  bundle      BLOB    NOT NULL
) STRICT;
CREATE INDEX mesh_orphan_by_need ON mesh_orphan (waiting_for);
CREATE INDEX mesh_orphan_by_actor ON mesh_orphan (actor, arrival, size);

-- Gossip messages as received or sent; one at each position of a stream.
CREATE TABLE mesh_gossip (
  arrival     INTEGER PRIMARY KEY,
  msg_id      BLOB    NOT NULL UNIQUE CHECK (length(msg_id) = 32),
  mid         BLOB    NOT NULL REFERENCES mesh_roster (mid),
  stream_id   BLOB    NOT NULL CHECK (length(stream_id) = 16),
  seq         INTEGER NOT NULL,
  prev_msg_id BLOB    CHECK (length(prev_msg_id) = 32),
  event_id    BLOB    NOT NULL REFERENCES mesh_event (event_id),
  frame       BLOB    NOT NULL,
  UNIQUE (mid, stream_id, seq)
) STRICT;

-- Two messages of one sender at one position, both kept as proof. (Equivocating events stand in mesh_event themselves.)
CREATE TABLE mesh_conflict (
  second_id    BLOB NOT NULL PRIMARY KEY CHECK (length(second_id) = 32),
  mid          BLOB NOT NULL CHECK (length(mid) = 32),
  first_frame  BLOB NOT NULL,
  second_frame BLOB NOT NULL
) STRICT;
CREATE INDEX mesh_conflict_by_sender ON mesh_conflict (mid);

-- Signed reports of envelopes that are not what they must be.
CREATE TABLE mesh_fault (
  fault_id BLOB NOT NULL PRIMARY KEY CHECK (length(fault_id) = 32),
  event_id BLOB NOT NULL REFERENCES mesh_event (event_id),
  mid      BLOB NOT NULL REFERENCES mesh_roster (mid),
  reason   TEXT NOT NULL,
  frame    BLOB NOT NULL
) STRICT;
CREATE INDEX mesh_fault_by_event ON mesh_fault (event_id, mid);
`;
