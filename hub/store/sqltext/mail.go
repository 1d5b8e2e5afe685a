package sqltext

// The queue of mails. A lease is taken by an UPDATE that judges the row again:
// of two who saw the same mail due, one changes it and the other gets nothing.
const (
	mailColumns = `id, room, invitation, kind, generation, inviter, sealed, state, detail, attempts, created, changed, holder`

	// counted are the mails that limits count.
	counted = `(state = 'queued' OR attempts > 0)`

	AddMail = `
		INSERT INTO mail (id, room, invitation, place, kind, generation, recipient, inviter, sealed, state, detail,
			attempts, created, changed, due, holder)
		VALUES ($1, $2, $3, (SELECT coalesce(max(place), 0) + 1 FROM mail WHERE room = $2 AND invitation = $3),
			$4, $5, $6, $7, $8, $9, $10, 0, $11, $11, $12, '')`

	// AddNotices: $1 how ids begin, $2 room, $3 invitation or empty, $4 kind, $5
	// now, $6 since when the limit counts, $7 limit (0: none), $8 nothing sealed.
	// The subquery walks the invitations that had a mail, once each.
	AddNotices = `
		INSERT INTO mail (id, room, invitation, place, kind, generation, recipient, inviter, sealed, state, detail,
			attempts, created, changed, due, holder)
		SELECT CAST($1 AS TEXT) || told.invitation, told.room, told.invitation,
			(SELECT max(place) + 1 FROM mail AS mine WHERE mine.room = told.room AND mine.invitation = told.invitation),
			CAST($4 AS TEXT), 0, told.recipient, told.inviter, $8, 'queued', '', 0, CAST($5 AS BIGINT), CAST($5 AS BIGINT), CAST($5 AS BIGINT), ''
		FROM mail AS told
		WHERE told.room = $2 AND ($3 = '' OR told.invitation = $3)
			AND told.place = (SELECT max(place) FROM mail AS mine
				WHERE mine.room = told.room AND mine.invitation = told.invitation AND mine.kind = 'invitation'
					AND (mine.state = 'sent' OR mine.state = 'queued' AND mine.holder <> ''))
			AND NOT EXISTS (SELECT 1 FROM mail AS mine
				WHERE mine.room = told.room AND mine.invitation = told.invitation
					AND (mine.kind = 'cancelled' OR mine.kind = $4 AND mine.state = 'queued' AND mine.holder = ''))
			AND ($7 = 0 OR (SELECT count(*) FROM mail AS theirs
				WHERE theirs.recipient = told.recipient AND theirs.created > $6 AND theirs.kind NOT IN ('code', 'request')
					AND (theirs.state = 'queued' OR theirs.attempts > 0)) < $7)`

	// DropMails gives up what is queued and nobody has: $1 room, $2 invitation or
	// empty, $3 now, $4 nothing sealed.
	DropMails = `
		UPDATE mail SET state = 'dropped', sealed = $4, changed = $3
		WHERE room = $1 AND ($2 = '' OR invitation = $2) AND state = 'queued' AND holder = '' AND kind <> 'cancelled'`

	// LeaseMail: $1 holder, $2 the end of the lease, $3 now.
	LeaseMail = `
		UPDATE mail SET holder = $1, due = $2, attempts = attempts + 1, changed = $3
		WHERE id = (SELECT id FROM mail WHERE state = 'queued' AND due <= $3 ORDER BY due, created LIMIT 1)
			AND state = 'queued' AND due <= $3
		RETURNING ` + mailColumns

	MailDue = `SELECT EXISTS (SELECT 1 FROM mail WHERE state = 'queued' AND due <= $1)`

	// RetryMail: $3 what was said, $4 now, $5 when.
	RetryMail = `
		UPDATE mail SET detail = $3, changed = $4, due = $5, holder = ''
		WHERE id = $1 AND holder = $2 AND state = 'queued'`

	// EndMail: $3 state, $4 what was said, $5 now, $6 nothing sealed.
	EndMail = `
		UPDATE mail SET state = $3, detail = $4, changed = $5, sealed = $6, holder = ''
		WHERE id = $1 AND holder = $2 AND state = 'queued'`

	// HastenMail: who is at it keeps it.
	HastenMail = `
		UPDATE mail SET due = CASE WHEN holder = '' THEN $4 ELSE due END
		WHERE room = $1 AND invitation = $2 AND kind = 'invitation' AND generation = $3 AND state = 'queued'`

	MailsToRecipient    = `SELECT count(*) FROM mail WHERE recipient = $1 AND created > $2 AND kind NOT IN ('code', 'request') AND ` + counted
	CodesToRecipient    = `SELECT count(*) FROM mail WHERE recipient = $1 AND created > $2 AND kind = 'code' AND ` + counted
	RequestsToRecipient = `SELECT count(*) FROM mail WHERE recipient = $1 AND created > $2 AND room = $3 AND kind = 'request' AND ` + counted
	MailsByInviter      = `SELECT count(*) FROM mail WHERE inviter = $1 AND created > $2 AND kind = 'invitation' AND ` + counted
	MailsWaiting        = `SELECT count(*) FROM mail WHERE state = 'queued'`
)

// Mails gives all mails of n invitations of room $1.
func Mails(n int) string {
	return `SELECT ` + mailColumns + ` FROM mail WHERE room = $1 AND invitation IN (` + listFrom(2, n) + `)
		ORDER BY invitation, place`
}
