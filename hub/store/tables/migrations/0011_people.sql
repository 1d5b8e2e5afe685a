-- Standing on the site, accounts that are shut, and groups of people.
ALTER TABLE person ADD COLUMN site_role TEXT NOT NULL DEFAULT 'member'; -- owner, admin, member
ALTER TABLE person ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE person SET site_role = 'owner' WHERE site_owner;

DROP INDEX person_owner;
ALTER TABLE person DROP COLUMN site_owner;
CREATE INDEX person_owner ON person (id) WHERE site_role = 'owner';

CREATE INDEX one_time_person ON one_time (person);

CREATE TABLE people_group (
	id          TEXT   NOT NULL PRIMARY KEY,
	name        TEXT   NOT NULL,
	name_search TEXT   NOT NULL, -- lower case
	created     BIGINT NOT NULL
);

CREATE UNIQUE INDEX people_group_name ON people_group (name_search);

CREATE TABLE membership (
	people_group TEXT NOT NULL REFERENCES people_group (id) ON DELETE CASCADE,
	person       TEXT NOT NULL,
	PRIMARY KEY (people_group, person)
);

CREATE INDEX membership_person ON membership (person, people_group);
