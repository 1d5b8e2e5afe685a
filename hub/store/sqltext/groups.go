package sqltext

// Groups of people and who is in them. A membership goes with its group, by
// foreign key.
const (
	AddGroup    = `INSERT INTO people_group (id, name, name_search, created) VALUES ($1, $2, $3, $4)`
	RenameGroup = `UPDATE people_group SET name = $2, name_search = $3 WHERE id = $1`
	DeleteGroup = `DELETE FROM people_group WHERE id = $1`

	groupColumns = `id, name, created, (SELECT count(*) FROM membership WHERE people_group = id)`

	Group  = `SELECT ` + groupColumns + ` FROM people_group WHERE id = $1`
	Groups = `SELECT ` + groupColumns + ` FROM people_group ORDER BY name_search LIMIT $1`

	// AddMember changes no row when the group or the person is not there, and
	// one when the person is in it already.
	AddMember = `
		INSERT INTO membership (people_group, person)
		SELECT people_group.id, person.id FROM people_group, person WHERE people_group.id = $1 AND person.id = $2
		ON CONFLICT (people_group, person) DO UPDATE SET person = excluded.person`
	RemoveMember = `DELETE FROM membership WHERE people_group = $1 AND person = $2`

	Members = `SELECT ` + personColumns + ` FROM membership JOIN person ON person.id = membership.person
		WHERE people_group = $1 AND canonical > $2 ORDER BY canonical LIMIT $3`
	GroupsOf = `SELECT people_group FROM membership WHERE person = $1 ORDER BY people_group`
)
