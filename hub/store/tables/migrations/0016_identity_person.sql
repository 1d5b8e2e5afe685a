-- A person may ask what is kept of them.
CREATE INDEX identity_person ON identity (person);
