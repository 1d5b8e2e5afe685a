package sqltext

import (
	"fmt"
	"strings"
)

// Where visits stand: of people inside, and of people who wait. The two tables
// are alike.
const (
	Attended = "attendance"
	Waited   = "waited"
)

// named are so many people, each with when, in one room ($1) and on one instance
// ($2). The placeholders of what else a statement is told come before theirs.
// Room and instance are told of each of them again: SQLite would otherwise read
// all of the room, or of the instance, for a crowd.
func named(people, behind int) string {
	items := make([]string, people)
	for i := range items {
		items[i] = fmt.Sprintf("($1, $%d, $2, CAST($%d AS BIGINT))", behind+1+2*i, behind+2+2*i)
	}
	return `
		WITH named (room, participant, instance, at) AS (VALUES ` + strings.Join(items, ", ") + `)`
}

// isNamed says that a row is of one of those named.
const isNamed = `visit.room = named.room AND visit.participant = named.participant AND visit.instance = named.instance`

// GoOnVisits goes on with the visits of people: $1 room, $2 instance, $3 now,
// $4 how long ago at most they ended, then so many participants, each with when
// they came. A visit that goes on stays as it is.
func GoOnVisits(table string, people int) string {
	return named(people, 4) + `
		UPDATE ` + table + ` AS visit SET until = 0, changed = CASE WHEN until = 0 THEN changed ELSE CAST($3 AS BIGINT) END
		FROM named WHERE ` + isNamed + ` AND (until = 0 OR until >= named.at - CAST($4 AS BIGINT))`
}

// BeginVisits begins those that do not go on: $1 room, $2 instance, $3 now, then
// as GoOnVisits.
func BeginVisits(table string, people int) string {
	return named(people, 3) + `
		INSERT INTO ` + table + ` (room, participant, instance, since, until, changed)
		SELECT DISTINCT room, participant, instance, at, 0, CAST($3 AS BIGINT) FROM named
		WHERE NOT EXISTS (SELECT 1 FROM ` + table + ` AS visit WHERE ` + isNamed + ` AND visit.until < 1)`
}

// EndVisits ends those that go on: $1 room, $2 instance, $3 now, then so many
// participants, each with when they left. Here and above less than 1 stands for
// 0, for the same reason (attendance_open).
func EndVisits(table string, people int) string {
	return named(people, 3) + `
		UPDATE ` + table + ` AS visit SET until = named.at, changed = CAST($3 AS BIGINT)
		FROM named WHERE ` + isNamed + ` AND until < 1`
}

// EndVisitsOf ends what an instance left open: $1 instance, $2 when it was
// last alive, $3 now.
func EndVisitsOf(table string) string {
	return fmt.Sprintf(`
		UPDATE %s SET until = CASE WHEN since > $2 THEN since ELSE CAST($2 AS BIGINT) END, changed = $3
		WHERE instance = $1 AND until = 0`, table)
}

// Instances that write visits.
const (
	// StillAlive: $1 instance, $2 now. It changes what is there.
	StillAlive = `UPDATE instance_beat SET at = $2 WHERE id = $1`
	FirstAlive = `INSERT INTO instance_beat (id, at) VALUES ($1, $2)`
	// Silent: $1 last alive before.
	Silent        = `SELECT id, at FROM instance_beat WHERE at < $1 ORDER BY at, id`
	ForgetSilent  = `DELETE FROM instance_beat WHERE id = $1`
	AddReactions  = `INSERT INTO reacted (room, minute, n) VALUES ($1, $2, $3) ON CONFLICT (room, minute) DO UPDATE SET n = reacted.n + excluded.n`
	RoomReactions = `SELECT minute, n FROM reacted WHERE room = $1 ORDER BY minute`
)

// Stays gives all visits of a room ($1) in a table, each person's in the order
// of coming, with the time when their instance was last alive.
func Stays(table string) string {
	return fmt.Sprintf(`
		SELECT participant, since, until, COALESCE((SELECT at FROM instance_beat WHERE id = v.instance AND v.until = 0), 0)
		FROM %s AS v WHERE room = $1 ORDER BY participant, since`, table)
}

// What has changed in a room's roster: $1 room, $2 since when.
const (
	RosterAddresses = `SELECT ` + addressColumns + ` FROM address WHERE room = $1 AND changed >= $2 ORDER BY place`
	RosterMails     = `SELECT id, invitation, kind, generation, state, detail, attempts, created, changed FROM mail
		WHERE room = $1 AND changed >= $2 ORDER BY invitation, place`
	RosterVisits = `SELECT participant, since, until FROM attendance WHERE room = $1 AND changed >= $2 ORDER BY participant, since`
)
