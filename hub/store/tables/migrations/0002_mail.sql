-- The queue of mails, and what became of each. A mail is written in the
-- transaction of what it tells.
CREATE TABLE mail (
	id         TEXT   NOT NULL PRIMARY KEY,
	room       TEXT   NOT NULL,
	invitation TEXT   NOT NULL,
	place      BIGINT NOT NULL, -- order of queuing for the invitation
	kind       TEXT   NOT NULL, -- invitation, moved, cancelled
	generation BIGINT NOT NULL, -- of the link
	recipient  BLOB   NOT NULL, -- keyed hash of the address
	inviter    TEXT   NOT NULL,
	sealed     BLOB   NOT NULL, -- empty in a final state
	state      TEXT   NOT NULL, -- queued, sent, bounced, failed, dropped
	detail     TEXT   NOT NULL,
	attempts   BIGINT NOT NULL,
	created    BIGINT NOT NULL,
	changed    BIGINT NOT NULL,
	due        BIGINT NOT NULL, -- next attempt, or the end of the lease
	holder     TEXT   NOT NULL  -- who has it; empty: nobody
);

CREATE UNIQUE INDEX mail_invitation ON mail (room, invitation, place);
CREATE INDEX mail_due ON mail (due, created) WHERE state = 'queued';
CREATE INDEX mail_recipient ON mail (recipient, created);
CREATE INDEX mail_inviter ON mail (inviter, created, kind, state, attempts);
