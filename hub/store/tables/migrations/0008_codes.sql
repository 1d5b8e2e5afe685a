-- Six-digit codes that were mailed, to be typed in.
CREATE TABLE code (
	purpose TEXT   NOT NULL,
	subject BLOB   NOT NULL, -- keyed hash of what it is about
	hash    BLOB   NOT NULL, -- keyed hash of the code
	expires BIGINT NOT NULL,
	tries   BIGINT NOT NULL, -- wrong ones
	PRIMARY KEY (purpose, subject)
);

CREATE INDEX code_expires ON code (expires);

-- Mails with codes are of no use the day after.
CREATE INDEX mail_code ON mail (created) WHERE kind = 'code';
