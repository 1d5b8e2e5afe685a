-- Rooms are found by the address that is invited. The form is that of plain
-- addresses: who has another one finds the rooms of later invitations.
ALTER TABLE address ADD COLUMN canonical TEXT NOT NULL DEFAULT ''; -- empty: nobody finds the room by it
UPDATE address SET canonical = lower(email);
CREATE INDEX address_canonical ON address (canonical, room) WHERE canonical <> '';
