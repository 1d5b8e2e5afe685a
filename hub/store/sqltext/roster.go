package sqltext

// Who was inside: $1 room, $2 participant, $3 instance, $4 when, $5 now.
const (
	// GoOnVisit: $6 how long ago at most the visit ended. One that goes on stays
	// as it is.
	GoOnVisit = `
		UPDATE attendance SET until = 0, changed = CASE WHEN until = 0 THEN changed ELSE CAST($5 AS BIGINT) END
		WHERE room = $1 AND participant = $2 AND instance = $3 AND (until = 0 OR until >= $4 - CAST($6 AS BIGINT))`

	BeginVisit = `
		INSERT INTO attendance (room, participant, instance, since, until, changed) VALUES ($1, $2, $3, $4, 0, $5)`

	EndVisit = `
		UPDATE attendance SET until = $4, changed = $5
		WHERE room = $1 AND participant = $2 AND instance = $3 AND until = 0`
)

// What has changed in a room's roster: $1 room, $2 since when.
const (
	RosterAddresses = `SELECT ` + addressColumns + ` FROM address WHERE room = $1 AND changed >= $2 ORDER BY place`
	RosterMails     = `SELECT id, invitation, kind, generation, state, detail, attempts, created, changed FROM mail
		WHERE room = $1 AND changed >= $2 ORDER BY invitation, place`
	RosterVisits = `SELECT participant, since, until FROM attendance WHERE room = $1 AND changed >= $2 ORDER BY participant, since`
)
