package sqltext

import (
	"fmt"
	"strings"
)

// The audit log. There is no statement that deletes from it.
const (
	auditColumns = `room, number, at, act, place, who, session, detail, salt, sum, hash`

	AuditHead = `SELECT room, number, hash FROM audit_head WHERE room = $1`

	PutAuditHead = `
		INSERT INTO audit_head (room, number, hash) VALUES ($1, $2, $3)
		ON CONFLICT (room) DO UPDATE SET number = excluded.number, hash = excluded.hash`

	AuditHeads = `SELECT room, number, hash FROM audit_head WHERE room > $1 ORDER BY room LIMIT $2`

	// AuditChain: $2 the number to go on behind, $3 limit.
	AuditChain = `SELECT ` + auditColumns + ` FROM audit WHERE room = $1 AND number > $2 ORDER BY number LIMIT $3`
)

// AddAudit takes so many entries at once, the columns of each in their order.
func AddAudit(entries int) string {
	return `INSERT INTO audit (` + auditColumns + `) VALUES ` + rowsOf(entries, 11)
}

// AddAuditAbout takes so many ids at once, each with its entry's room and number.
func AddAuditAbout(ids int) string {
	return `INSERT INTO audit_about (id, room, number) VALUES ` + rowsOf(ids, 3)
}

// rowsOf is ($1, $2), ($3, $4) and so on.
func rowsOf(rows, columns int) string {
	var b strings.Builder
	for row := range rows {
		if row > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + listFrom(1+row*columns, columns) + ")")
	}
	return b.String()
}

// Audit lists entries, newest first: $1 from, $2 before, $3 to $5 the entry to
// go on behind (time, room, number), $6 limit, then the room, who, the act and
// the ids wanted, as far as they are.
func Audit(room, who, act bool, ids int) string {
	text, next := `SELECT `+auditColumns+` FROM audit
		WHERE at >= $1 AND at < $2 AND (at, room, number) < ($3, $4, $5)`, 7
	for _, column := range []struct {
		name string
		on   bool
	}{{"room", room}, {"who", who}, {"act", act}} {
		if column.on {
			text += fmt.Sprintf(" AND %s = $%d", column.name, next)
			next++
		}
	}
	if ids > 0 {
		text += ` AND (room, number) IN (SELECT room, number FROM audit_about WHERE id IN (` + listFrom(next, ids) + `))`
	}
	return text + ` ORDER BY at DESC, room DESC, number DESC LIMIT $6`
}
