-- The site's logo: one row, by the SHA-256 of its content.
CREATE TABLE logo (
	hash    BLOB NOT NULL PRIMARY KEY,
	kind    TEXT NOT NULL, -- media type
	content BLOB NOT NULL
);
