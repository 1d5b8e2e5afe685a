-- Who was invited is found while one types, as people are.
ALTER TABLE address ADD COLUMN name_search TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN last_search TEXT NOT NULL DEFAULT '';
-- only sqlite
UPDATE address SET name_search = substr(search, instr(search, char(10)) + 1);
UPDATE address SET last_search = substr(name_search, length(first_name) + 2);
-- end
CREATE INDEX address_search ON address (room, search, invitation);
CREATE INDEX address_name ON address (room, name_search, invitation);
CREATE INDEX address_last ON address (room, last_search, invitation);
