package sqltext

import (
	"fmt"
	"strings"
)

// People.
const (
	personColumns = `person.id, email, canonical, verified, first_name, last_name, password, site_role, disabled, person.created`

	AddPerson = `
		INSERT INTO person (id, email, canonical, verified, first_name, last_name, password, site_role, disabled,
			created, name_search, last_search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

	SetPerson = `
		UPDATE person SET email = $2, canonical = $3, verified = $4, first_name = $5, last_name = $6, password = $7,
			site_role = $8, disabled = $9, name_search = $10, last_search = $11
		WHERE id = $1`

	OwnerExists   = `SELECT EXISTS (SELECT 1 FROM person WHERE site_role = 'owner')`
	OwnerActs     = `SELECT EXISTS (SELECT 1 FROM person WHERE site_role = 'owner' AND NOT disabled)`
	Person        = `SELECT ` + personColumns + ` FROM person WHERE id = $1`
	PersonByEmail = `SELECT ` + personColumns + ` FROM person WHERE canonical = $1`

	SetPassword  = `UPDATE person SET password = $2 WHERE id = $1`
	VerifyPerson = `UPDATE person SET verified = $3 WHERE id = $1 AND canonical = $2`

	// SearchPeople: $1 pattern, $2 role or empty, $3 the address to go on
	// behind, $4 limit.
	SearchPeople = `SELECT ` + personColumns + ` FROM person
		WHERE canonical > $3 AND ($2 = '' OR site_role = $2)
			AND (canonical LIKE $1 ESCAPE '\' OR name_search LIKE $1 ESCAPE '\')
		ORDER BY canonical LIMIT $4`
)

// Secrets that work once.
const (
	PutOneTime = `
		INSERT INTO one_time (secret, purpose, person, expires) VALUES ($1, $2, $3, $4)`

	// TakeOneTime spends: of many callers one gets the row.
	TakeOneTime = `
		DELETE FROM one_time WHERE secret = $1 AND purpose = $2 AND expires > $3
		RETURNING person, expires`

	SweepOneTime = `DELETE FROM one_time WHERE expires < $1`
	DropOneTimes = `DELETE FROM one_time WHERE person = $1`
)

// Web sessions and the invitations they opened. Openings follow their session
// by foreign key, on a new id and on deletion.
const (
	PutSession = `
		INSERT INTO web_session (id, handle, person, signed, agent, created, seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, person = excluded.person, signed = excluded.signed,
			agent = excluded.agent, created = excluded.created, seen = excluded.seen`

	sessionColumns = `id, handle, person, signed, proved, agent, created, seen, dies`

	// Session: $1 the id, present or offered.
	Session        = `SELECT ` + sessionColumns + ` FROM web_session WHERE id = $1 OR offered = $1`
	PersonSessions = `SELECT ` + sessionColumns + ` FROM web_session
		WHERE person = $1 AND person <> '' AND signed > $2 ORDER BY seen DESC, handle`

	TouchSession  = `UPDATE web_session SET seen = $2 WHERE id = $1`
	RenewSession  = `UPDATE web_session SET id = $2, offered = NULL, dies = 0 WHERE id = $1`
	OfferSession  = `UPDATE web_session SET offered = $2, dies = $3 WHERE id = $1`
	AcceptSession = `UPDATE web_session SET id = offered, offered = NULL, dies = 0 WHERE offered = $1`
	SignIn        = `UPDATE web_session SET person = $2, handle = $3, signed = $4, agent = $5, proved = 0 WHERE id = $1`
	ProveSession  = `UPDATE web_session SET proved = $2 WHERE id = $1`
	SweepSessions = `DELETE FROM web_session WHERE created < $1 OR seen < $2`

	DeleteSession        = `DELETE FROM web_session WHERE id = $1`
	DeletePersonSession  = `DELETE FROM web_session WHERE person = $1 AND person <> '' AND handle = $2`
	DeletePersonSessions = `DELETE FROM web_session WHERE person = $1 AND person <> ''`
	DeleteOtherSessions  = `DELETE FROM web_session WHERE person = $1 AND person <> '' AND handle <> $2`

	// Before they are deleted, or get another handle ($2): $3 now.
	NoteEnded      = noteEnded + `id = $1 AND handle <> $2` + endedAgain
	NoteOtherEnded = noteEnded + `person = $1 AND person <> '' AND handle <> $2` + endedAgain

	noteEnded = `
		INSERT INTO ended_session (handle, at)
		SELECT handle, CAST($3 AS BIGINT) FROM web_session WHERE handle <> '' AND `
	endedAgain = ` ON CONFLICT (handle) DO UPDATE SET at = excluded.at`

	PutEnded   = `INSERT INTO ended_session (handle, at) VALUES ($1, $2) ON CONFLICT (handle) DO UPDATE SET at = excluded.at`
	Ended      = `SELECT handle FROM ended_session WHERE at > $1`
	SweepEnded = `DELETE FROM ended_session WHERE at < $1`

	// PutOpening takes the place behind the session's last one.
	PutOpening = `
		INSERT INTO opening (session, room, invitation, link, place)
		SELECT id, $2, $3, CAST($4 AS BIGINT), (SELECT coalesce(max(place), 0) + 1 FROM opening WHERE session = $1)
		FROM web_session WHERE id = $1
		ON CONFLICT (session, room, invitation) DO UPDATE SET link = excluded.link, place = excluded.place`

	Openings = `SELECT room, invitation, link FROM opening WHERE session = $1 ORDER BY place`
)

// Sessions gives sessions by so many ids, present or offered: the id asked for,
// the session, and one of its openings, or NULLs; in the order of opening.
func Sessions(ids int) string {
	wanted := listFrom(1, ids)
	return `
		SELECT asked, id, handle, person, signed, proved, agent, created, seen, dies, room, invitation, link FROM (
			SELECT id AS asked, ` + sessionColumns + ` FROM web_session WHERE id IN (` + wanted + `)
			UNION ALL SELECT offered AS asked, ` + sessionColumns + ` FROM web_session WHERE offered IN (` + wanted + `)
		) AS found LEFT JOIN opening ON opening.session = found.id
		ORDER BY asked, place`
}

// TouchSessions moves what was last seen of so many: $1 when, then their ids.
func TouchSessions(ids int) string {
	return `UPDATE web_session SET seen = $1 WHERE id IN (` + listFrom(2, ids) + `)`
}

// Rows that commits write beside their events, and how they are read.
const (
	PutRoom = `
		INSERT INTO room (id, title, title_search, starts_at, ends_at, state) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, title_search = excluded.title_search,
			starts_at = excluded.starts_at, ends_at = excluded.ends_at, state = excluded.state`

	roomColumns = `room.id, title, starts_at, ends_at, state`

	Room = `SELECT ` + roomColumns + ` FROM room WHERE id = $1`
	Due  = `
		SELECT id FROM room WHERE state = 'scheduled' AND starts_at <= $1
		UNION SELECT id FROM room WHERE wakes > 0 AND wakes <= $1`

	WakeRoom = `UPDATE room SET wakes = $2 WHERE id = $1`

	PutManager = `
		INSERT INTO manager (room, person, access) VALUES ($1, $2, $3)
		ON CONFLICT (room, person) DO UPDATE SET access = excluded.access`
	RemoveManager = `DELETE FROM manager WHERE room = $1 AND person = $2`

	AddLink = `INSERT INTO link (public_id, room, invitation, generation, secret) VALUES ($1, $2, $3, $4, $5)`
	Link    = `SELECT room, invitation, generation, secret FROM link WHERE public_id = $1`

	// PutAddress keeps the place of issue when it replaces, and canonical form,
	// language and zone unless there are others.
	PutAddress = `
		INSERT INTO address (room, invitation, email, first_name, last_name, search, name_search, last_search, language, zone, changed, canonical, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT coalesce(max(place), 0) + 1 FROM address WHERE room = $1))
		ON CONFLICT (room, invitation) DO UPDATE SET email = excluded.email,
			first_name = excluded.first_name, last_name = excluded.last_name, search = excluded.search,
			name_search = excluded.name_search, last_search = excluded.last_search, changed = excluded.changed,
			canonical = CASE WHEN excluded.canonical = '' THEN address.canonical ELSE excluded.canonical END,
			language = CASE WHEN excluded.language = '' THEN address.language ELSE excluded.language END,
			zone = CASE WHEN excluded.zone = '' THEN address.zone ELSE excluded.zone END`

	SetReader = `
		UPDATE address SET language = CASE WHEN $3 = '' THEN language ELSE $3 END, zone = CASE WHEN $4 = '' THEN zone ELSE $4 END,
			changed = $5
		WHERE room = $1 AND invitation = $2`

	addressColumns = `invitation, email, first_name, last_name, language, zone`

	Address = `SELECT ` + addressColumns + ` FROM address WHERE room = $1 AND invitation = $2`
)

// People: $1 prefix, $2 the first text behind all that begin with it, $3 limit.
var People = `SELECT ` + personColumns + ` FROM person JOIN ` +
	inTurns("person", "id", "true", "name_search", "last_search", "canonical") + ` ON person.id = best.one
	ORDER BY best.turn LIMIT $3`

// Invited is People among the invitations of room $4.
var Invited = `SELECT ` + addressColumns + ` FROM address JOIN ` +
	inTurns("address", "invitation", "room = $4", "name_search", "last_search", "search") + ` ON room = $4 AND invitation = best.one
	ORDER BY best.turn LIMIT $3`

// inTurns chooses rows of a table one of whose columns is in the range from $1
// to $2. Each range is read by its own index in order and no further than the
// limit $3: one OR of them would sort everybody who fits. The columns take
// turns, so that none hides the others.
func inTurns(table, id, within string, columns ...string) string {
	ranges := make([]string, len(columns))
	for i, column := range columns {
		ranges[i] = fmt.Sprintf(`
			SELECT one, %d * row_number() OVER (ORDER BY found, one) + %d AS turn FROM (
				SELECT %s AS one, %s AS found FROM %s
				WHERE %s AND %[4]s >= $1 AND %[4]s < $2 ORDER BY %[4]s, %[3]s LIMIT $3) AS by%[2]d`,
			len(columns), i, id, column, table, within)
	}
	return `(SELECT one, min(turn) AS turn FROM (` + strings.Join(ranges, " UNION ALL ") + `) AS fitting GROUP BY one) AS best`
}

// Rooms lists the rooms of a person: $1 person, $2 title pattern, $3 the room
// to go on behind (empty: from the first), $4 limit, $5 canonical address, $6…
// the states, or all but deleted ones when there are none.
func Rooms(states int, newest bool) string {
	text := `SELECT ` + roomColumns + ` FROM (
			SELECT room FROM manager WHERE person = $1
			UNION SELECT room FROM address WHERE canonical = $5 AND canonical <> ''
		) AS seat JOIN room ON room.id = seat.room
		WHERE title_search LIKE $2 ESCAPE '\' AND ` + inStates(states) + `
			AND ($3 = '' OR (starts_at, room.id) > (SELECT starts_at, id FROM room WHERE id = $3))
		ORDER BY starts_at, room.id LIMIT $4`
	if newest {
		text = strings.NewReplacer("room.id) >", "room.id) <",
			"BY starts_at, room.id", "BY starts_at DESC, room.id DESC").Replace(text)
	}
	return text
}

func inStates(n int) string {
	if n == 0 {
		return `state <> 'deleted'`
	}
	return `state IN (` + listFrom(6, n) + `)`
}

// listFrom writes n placeholders from a number on.
func listFrom(first, n int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf("$%d", i+first)
	}
	return strings.Join(items, ", ")
}

// Pattern is the LIKE pattern (with ESCAPE '\') for texts that contain q.
func Pattern(q string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q) + "%"
}

// Prefix gives the range of texts that begin with p: from, and the first text
// behind them. U+10FFFF is no character, so no text goes on with it.
func Prefix(p string) (from, to string) { return p, p + "\U0010FFFF" }
