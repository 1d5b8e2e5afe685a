-- How much of a counter was answered since the last whole group: while people
-- still answer it is not told. When nobody answers any more it is 0.
ALTER TABLE ballot ADD COLUMN untold BIGINT NOT NULL DEFAULT 0;

CREATE INDEX ballot_untold ON ballot (room, interaction, untold) WHERE untold > 0;
