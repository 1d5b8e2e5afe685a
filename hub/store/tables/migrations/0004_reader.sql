-- In which language and time zone somebody is written to; empty: the site's.
ALTER TABLE address ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN zone TEXT NOT NULL DEFAULT '';
