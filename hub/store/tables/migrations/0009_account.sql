-- What a person sees of the sessions of their account, and may end.
ALTER TABLE web_session ADD COLUMN handle TEXT NOT NULL DEFAULT ''; -- names the session and opens nothing
ALTER TABLE web_session ADD COLUMN signed BIGINT NOT NULL DEFAULT 0; -- when the account signed in
ALTER TABLE web_session ADD COLUMN agent TEXT NOT NULL DEFAULT ''; -- what browser it was, roughly

CREATE INDEX session_person ON web_session (person) WHERE person <> '';

-- Sessions that were ended, for the instances that hold sockets of them.
CREATE TABLE ended_session (
	handle TEXT   NOT NULL PRIMARY KEY,
	at     BIGINT NOT NULL
);

CREATE INDEX ended_at ON ended_session (at);
