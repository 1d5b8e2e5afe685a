-- Wishes to be forgotten. The address goes when it is done.
CREATE TABLE erasure (
	id        TEXT   NOT NULL PRIMARY KEY,
	person    TEXT   NOT NULL, -- empty: an address without an account
	canonical TEXT   NOT NULL,
	recipient BLOB   NOT NULL,
	asked_by  TEXT   NOT NULL,
	heir      TEXT   NOT NULL,
	asked     BIGINT NOT NULL,
	done      BIGINT NOT NULL, -- 0: not yet
	due       BIGINT NOT NULL,
	holder    TEXT   NOT NULL
);

CREATE INDEX erasure_due ON erasure (due) WHERE done = 0;
CREATE INDEX erasure_asked ON erasure (asked);

-- Logs that hold or held what their rooms have forgotten: no snapshot of
-- before is stored any more.
CREATE TABLE redaction (
	room    TEXT    NOT NULL PRIMARY KEY,
	place   BIGINT  NOT NULL, -- of the newest fact that forgets
	pending BOOLEAN NOT NULL,
	due     BIGINT  NOT NULL,
	holder  TEXT    NOT NULL
);

CREATE INDEX redaction_due ON redaction (due) WHERE pending;

-- When an old room was last looked at for content to forget.
CREATE TABLE outlived (
	room   TEXT   NOT NULL PRIMARY KEY,
	looked BIGINT NOT NULL
);

CREATE INDEX room_starts ON room (starts_at);
CREATE INDEX link_invitation ON link (room, invitation);
CREATE INDEX opening_invitation ON opening (room, invitation);
CREATE INDEX mail_over ON mail (changed) WHERE state <> 'queued';
CREATE INDEX audit_told ON audit (at, room, number) WHERE length(salt) > 0;
