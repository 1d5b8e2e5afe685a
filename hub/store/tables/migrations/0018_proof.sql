-- When whoever is signed in last showed that it is them, after signing in.
ALTER TABLE web_session ADD COLUMN proved BIGINT NOT NULL DEFAULT 0;
