-- What lists of invitations are made of, to be read by what has changed.
ALTER TABLE address ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX address_changed ON address (room, changed);
CREATE INDEX mail_changed ON mail (room, changed);

-- Who was inside, and when. An instance that was killed leaves visits open.
CREATE TABLE attendance (
	room        TEXT   NOT NULL,
	participant TEXT   NOT NULL,
	instance    TEXT   NOT NULL,
	since       BIGINT NOT NULL,
	until       BIGINT NOT NULL, -- 0: goes on
	changed     BIGINT NOT NULL,
	PRIMARY KEY (room, participant, since, instance)
);

CREATE INDEX attendance_changed ON attendance (room, changed);
