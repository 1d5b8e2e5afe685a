-- The log of facts: the truth. WITHOUT ROWID keeps a room's events together.
CREATE TABLE log (
	room        TEXT   NOT NULL,
	seq         BIGINT NOT NULL,
	at          BIGINT NOT NULL, -- unix milliseconds, as every time here
	kind        TEXT   NOT NULL,
	participant TEXT   NOT NULL,
	key         TEXT   NOT NULL,
	payload     TEXT   NOT NULL,
	PRIMARY KEY (room, seq)
) WITHOUT ROWID;

CREATE INDEX log_kind ON log (room, kind, seq);

CREATE TABLE snapshot (
	room  TEXT   NOT NULL PRIMARY KEY,
	seq   BIGINT NOT NULL,
	state BLOB   NOT NULL
);

-- Listing entries: they repeat the log, which decides.
CREATE TABLE room (
	id           TEXT   NOT NULL PRIMARY KEY,
	title        TEXT   NOT NULL,
	title_search TEXT   NOT NULL, -- ASCII letters in lower case
	starts_at    BIGINT NOT NULL,
	ends_at      BIGINT NOT NULL, -- 0: open end
	state        TEXT   NOT NULL
);

CREATE INDEX room_due ON room (state, starts_at);

CREATE TABLE manager (
	room   TEXT NOT NULL,
	person TEXT NOT NULL,
	access TEXT NOT NULL,
	PRIMARY KEY (room, person)
);

CREATE INDEX manager_person ON manager (person, room);

-- Links are never deleted, so that the holder of an old one hears the truth.
CREATE TABLE link (
	public_id  TEXT   NOT NULL PRIMARY KEY,
	room       TEXT   NOT NULL,
	invitation TEXT   NOT NULL,
	generation BIGINT NOT NULL,
	secret     BLOB   NOT NULL -- SHA-256
);

CREATE TABLE address (
	room       TEXT   NOT NULL,
	invitation TEXT   NOT NULL,
	email      TEXT   NOT NULL,
	first_name TEXT   NOT NULL,
	last_name  TEXT   NOT NULL,
	search     TEXT   NOT NULL, -- address and name in lower case
	place      BIGINT NOT NULL, -- order of issue
	PRIMARY KEY (room, invitation)
);

CREATE UNIQUE INDEX address_place ON address (room, place);

CREATE TABLE person (
	id           TEXT    NOT NULL PRIMARY KEY,
	email        TEXT    NOT NULL,
	canonical    TEXT    NOT NULL,
	verified     BOOLEAN NOT NULL,
	first_name   TEXT    NOT NULL,
	last_name    TEXT    NOT NULL,
	password     TEXT    NOT NULL,
	site_owner   BOOLEAN NOT NULL,
	created      BIGINT  NOT NULL,
	first_search TEXT    NOT NULL, -- lower case
	last_search  TEXT    NOT NULL
);

CREATE UNIQUE INDEX person_canonical ON person (canonical);
CREATE INDEX person_first ON person (first_search);
CREATE INDEX person_last ON person (last_search);
CREATE INDEX person_owner ON person (site_owner) WHERE site_owner;

CREATE TABLE web_session (
	id      BLOB   NOT NULL PRIMARY KEY, -- SHA-256 of the cookie
	person  TEXT   NOT NULL,             -- empty: nobody is signed in
	created BIGINT NOT NULL,
	seen    BIGINT NOT NULL
);

CREATE TABLE opening (
	session    BLOB   NOT NULL REFERENCES web_session (id) ON UPDATE CASCADE ON DELETE CASCADE,
	room       TEXT   NOT NULL,
	invitation TEXT   NOT NULL,
	link       BIGINT NOT NULL,
	place      BIGINT NOT NULL, -- order of opening
	PRIMARY KEY (session, room, invitation)
);

CREATE TABLE one_time (
	secret  BLOB   NOT NULL PRIMARY KEY, -- SHA-256
	purpose TEXT   NOT NULL,
	person  TEXT   NOT NULL,
	expires BIGINT NOT NULL
);

CREATE INDEX one_time_expires ON one_time (expires);

CREATE TABLE api_key (
	hash    BLOB   NOT NULL PRIMARY KEY, -- SHA-256
	person  TEXT   NOT NULL,
	label   TEXT   NOT NULL,
	expires BIGINT NOT NULL -- 0: never
);

CREATE TABLE site_secret (
	name  TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
);

-- Written by every health check: the store can write now.
CREATE TABLE beat (
	id BIGINT NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL
);
