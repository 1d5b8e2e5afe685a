-- API keys have a scope, and say when they were made and used.
ALTER TABLE api_key ADD COLUMN scope TEXT NOT NULL DEFAULT 'all'; -- read, rooms, all
ALTER TABLE api_key ADD COLUMN created BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_key ADD COLUMN used BIGINT NOT NULL DEFAULT 0; -- 0: never

CREATE INDEX api_key_person ON api_key (person, created);
