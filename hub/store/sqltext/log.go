// Package sqltext holds the statements that every SQL driver of the store runs
// unchanged: $1 placeholders, unix milliseconds as BIGINT, JSON as TEXT that
// only Go reads. What differs between databases (locks, migrations) is in the
// drivers.
package sqltext

import (
	"fmt"
	"strings"
)

// The log. Rows are added at the end of a room and never deleted, so its head
// is the highest seq.
const (
	// LastEvent gives the head of a room and its time; no row: an empty log.
	LastEvent = `
		SELECT seq, at FROM log WHERE room = $1 ORDER BY seq DESC LIMIT 1`

	AppendEvent = `
		INSERT INTO log (room, seq, at, kind, participant, key, payload)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`

	// EventsAfter gives at most $3 events behind place $2.
	EventsAfter = `
		SELECT seq, at, participant, key, kind, payload FROM log
		WHERE room = $1 AND seq > $2 ORDER BY seq LIMIT $3`
)

// Page selects, newest first, events of n kinds: $1 room, $2 before, $3 limit,
// $4… the kinds. One branch for each kind walks the index of kinds backwards
// and stops at the limit: IN would sort all events of these kinds, and a branch
// that asks for more than seq is read through the primary key, which is long
// where a kind is rare.
func Page(kinds int) string {
	branches := make([]string, kinds)
	for i := range branches {
		branches[i] = fmt.Sprintf(`
			SELECT * FROM (
				SELECT seq FROM log WHERE room = $1 AND kind = $%d AND seq < $2 ORDER BY seq DESC LIMIT $3
			) AS kind%d`, i+4, i+1)
	}
	return `
		SELECT seq, at, participant, key, kind, payload FROM log
		WHERE room = $1 AND seq IN (` + strings.Join(branches, " UNION ALL ") + ` ORDER BY seq DESC LIMIT $3)
		ORDER BY seq DESC`
}

// Heads gives (room, head) of n rooms, with NULL for one without a log. The
// inner select is one descent of the primary key; GROUP BY would read every
// event.
func Heads(rooms int) string {
	return `
		WITH wanted (room) AS (VALUES ` + list(rooms, "($%d)") + `)
		SELECT room, (SELECT max(seq) FROM log WHERE log.room = wanted.room) FROM wanted`
}

// list writes n placeholders from $1 on, each by the format.
func list(n int, format string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(format, i+1)
	}
	return strings.Join(items, ", ")
}

// Snapshots, one for each room.
const (
	Snapshot = `SELECT seq, state FROM snapshot WHERE room = $1`

	// PutSnapshot keeps the stored one when it is newer, and stores none that
	// knows what the room has forgotten since.
	PutSnapshot = `
		INSERT INTO snapshot (room, seq, state)
		SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), $3
		WHERE NOT EXISTS (SELECT 1 FROM redaction WHERE room = $1 AND place > $2)
		ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, state = excluded.state
		WHERE excluded.seq >= snapshot.seq`
)

// What the site keeps about itself.
const (
	Secret     = `SELECT value FROM site_secret WHERE name = $1`
	PutSecret  = `INSERT INTO site_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	DropSecret = `DELETE FROM site_secret WHERE name = $1`
	Beat       = `INSERT INTO beat (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`
)
