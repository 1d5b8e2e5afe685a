-- Who waited before a room, and when: as attendance.
CREATE TABLE waited (
	room        TEXT   NOT NULL,
	participant TEXT   NOT NULL,
	instance    TEXT   NOT NULL,
	since       BIGINT NOT NULL,
	until       BIGINT NOT NULL, -- 0: goes on
	changed     BIGINT NOT NULL,
	PRIMARY KEY (room, participant, since, instance)
);

-- When each instance that writes visits was last alive. One that is silent has
-- been killed: what it left open ended then.
CREATE TABLE instance_beat (
	id TEXT   NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL
);

CREATE INDEX instance_beat_at ON instance_beat (at, id);
CREATE INDEX attendance_open ON attendance (instance) WHERE until = 0;
CREATE INDEX waited_open ON waited (instance) WHERE until = 0;

-- How many reactions a room had in a minute. Nothing says whose they were.
CREATE TABLE reacted (
	room   TEXT   NOT NULL,
	minute BIGINT NOT NULL, -- its beginning
	n      BIGINT NOT NULL,
	PRIMARY KEY (room, minute)
) WITHOUT ROWID;
