-- What is counted of anonymous answers. Beside it the log says that somebody
-- has answered; nothing says what. Rows stand in the order of what was chosen.
CREATE TABLE ballot (
	room        TEXT   NOT NULL,
	interaction TEXT   NOT NULL,
	choice      TEXT   NOT NULL, -- number of a choice, word, text
	n           BIGINT NOT NULL,
	PRIMARY KEY (room, interaction, choice)
) WITHOUT ROWID;

CREATE INDEX ballot_most ON ballot (room, interaction, n DESC, choice);
