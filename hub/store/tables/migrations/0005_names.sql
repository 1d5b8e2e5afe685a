-- Whoever types a name types the first one and goes on: what is searched is
-- the whole. Ties are in the index, so that the first few are read in order.
DROP INDEX person_first;
DROP INDEX person_last;
ALTER TABLE person RENAME COLUMN first_search TO name_search;
UPDATE person SET name_search = name_search || ' ' || last_search;
CREATE INDEX person_name ON person (name_search, id);
CREATE INDEX person_last ON person (last_search, id);
