-- People as an OpenID provider knows them.
CREATE TABLE identity (
	issuer  TEXT   NOT NULL,
	subject TEXT   NOT NULL,
	person  TEXT   NOT NULL,
	teams   TEXT   NOT NULL, -- names of groups that the provider told last, one a line
	created BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
);

