package sqltext

import "fmt"

// Where visits stand: of people inside, and of people who wait. The two tables
// are alike.
const (
	Attended = "attendance"
	Waited   = "waited"
)

// GoOnVisit goes on with a visit: $1 room, $2 participant, $3 instance, $4
// when, $5 now, $6 how long ago at most it ended. One that goes on stays as it
// is.
func GoOnVisit(table string) string {
	return fmt.Sprintf(`
		UPDATE %s SET until = 0, changed = CASE WHEN until = 0 THEN changed ELSE CAST($5 AS BIGINT) END
		WHERE room = $1 AND participant = $2 AND instance = $3 AND (until = 0 OR until >= $4 - CAST($6 AS BIGINT))`, table)
}

// BeginVisit is told as GoOnVisit.
func BeginVisit(table string) string {
	return fmt.Sprintf(`
		INSERT INTO %s (room, participant, instance, since, until, changed) VALUES ($1, $2, $3, $4, 0, $5)`, table)
}

// EndVisit is told as GoOnVisit.
func EndVisit(table string) string {
	return fmt.Sprintf(`
		UPDATE %s SET until = $4, changed = $5
		WHERE room = $1 AND participant = $2 AND instance = $3 AND until = 0`, table)
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
