-- A new id of a session that its browser may not have received yet. Until it is used, the old one
-- works too, for a while.
ALTER TABLE web_session ADD COLUMN offered BLOB;
ALTER TABLE web_session ADD COLUMN dies BIGINT NOT NULL DEFAULT 0; -- when the old id does; 0: no other is offered

CREATE UNIQUE INDEX session_offered ON web_session (offered);
