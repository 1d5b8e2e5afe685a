-- The audit log: append-only, one chain of hashes for each room and one for
-- the site. It holds ids, never names or addresses.
CREATE TABLE audit (
	room    TEXT   NOT NULL,
	number  BIGINT NOT NULL, -- in the chain, from 1 without gaps
	at      BIGINT NOT NULL,
	act     TEXT   NOT NULL,
	place   BIGINT NOT NULL, -- of the event in the room's log; 0: none
	who     TEXT   NOT NULL,
	session BLOB   NOT NULL, -- hash of the web session or the key; empty: none
	detail  TEXT   NOT NULL, -- targets and changes
	salt    BLOB   NOT NULL, -- empty: pseudonyms
	sum     BLOB   NOT NULL, -- of what tells of people
	hash    BLOB   NOT NULL, -- of the entry and the hash before
	PRIMARY KEY (room, number)
);

CREATE INDEX audit_at ON audit (at, room, number);
CREATE INDEX audit_room_at ON audit (room, at, number);

-- Where an id occurs, as who or as target.
CREATE TABLE audit_about (
	id     TEXT   NOT NULL,
	room   TEXT   NOT NULL,
	number BIGINT NOT NULL,
	PRIMARY KEY (id, room, number)
) WITHOUT ROWID;

CREATE INDEX audit_about_entry ON audit_about (room, number);

CREATE TABLE audit_head (
	room   TEXT   NOT NULL PRIMARY KEY,
	number BIGINT NOT NULL,
	hash   BLOB   NOT NULL
);

-- Nothing but pseudonyms may take the place of what was written.
-- only sqlite
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
	SELECT RAISE(ABORT, 'the audit log only grows');
END;

CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
WHEN length(new.salt) > 0 OR new.room <> old.room OR new.number <> old.number OR new.at <> old.at
	OR new.act <> old.act OR new.place <> old.place OR new.sum <> old.sum OR new.hash <> old.hash
BEGIN
	SELECT RAISE(ABORT, 'the audit log is not rewritten');
END;
-- end

-- only postgres
CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		RAISE EXCEPTION 'the audit log only grows';
	ELSIF length(new.salt) > 0 OR new.room <> old.room OR new.number <> old.number OR new.at <> old.at
		OR new.act <> old.act OR new.place <> old.place OR new.sum <> old.sum OR new.hash <> old.hash THEN
		RAISE EXCEPTION 'the audit log is not rewritten';
	END IF;
	RETURN new;
END
$$;

CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands();
-- end
