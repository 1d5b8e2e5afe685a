package sqltext

// What is deleted with one invitation ($1 room, $2 invitation) or with all of
// a room ($2 empty).
const (
	ForgetAddresses = `DELETE FROM address WHERE room = $1 AND ($2 = '' OR invitation = $2)`
	ForgetLinks     = `DELETE FROM link WHERE room = $1 AND ($2 = '' OR invitation = $2)`
	ForgetOpenings  = `DELETE FROM opening WHERE room = $1 AND ($2 = '' OR invitation = $2)`
	ForgetMails     = `DELETE FROM mail WHERE room = $1 AND ($2 = '' OR invitation = $2)`

	// These three are for all of a room.
	ForgetAttendance = `DELETE FROM attendance WHERE room = $1`
	ForgetWaited     = `DELETE FROM waited WHERE room = $1`
	ForgetReactions  = `DELETE FROM reacted WHERE room = $1`

	// DropSnapshots: $2 the place of the fact that forgets.
	DropSnapshots = `DELETE FROM snapshot WHERE room = $1 AND seq < $2`

	// PutRedaction: $3 now.
	PutRedaction = `
		INSERT INTO redaction (room, place, pending, due, holder) VALUES ($1, $2, TRUE, $3, '')
		ON CONFLICT (room) DO UPDATE SET place = excluded.place, pending = TRUE, due = excluded.due, holder = ''`
)

// What is deleted with an account: $1 person, or $1 the mailbox.
const (
	ErasePerson       = `DELETE FROM person WHERE id = $1 RETURNING site_role`
	EraseKeys         = `DELETE FROM api_key WHERE person = $1`
	EraseMemberships  = `DELETE FROM membership WHERE person = $1`
	EraseIdentities   = `DELETE FROM identity WHERE person = $1`
	EraseMails        = `DELETE FROM mail WHERE recipient = $1`
	erasureColumns    = `id, person, canonical, recipient, asked_by, heir, asked, done`
	AddErasure        = `INSERT INTO erasure (` + erasureColumns + `, due, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $7, '')`
	ErasureDue        = `SELECT EXISTS (SELECT 1 FROM erasure WHERE done = 0 AND due <= $1)`
	Erasures          = `SELECT ` + erasureColumns + ` FROM erasure ORDER BY asked DESC, id LIMIT $1`
	RedactionDue      = `SELECT EXISTS (SELECT 1 FROM redaction WHERE pending AND due <= $1)`
	RedactionsWaiting = `SELECT count(*) FROM redaction WHERE pending`

	// LeaseErasure: $1 holder, $2 the end of the lease, $3 now.
	LeaseErasure = `
		UPDATE erasure SET holder = $1, due = $2
		WHERE id = (SELECT id FROM erasure WHERE done = 0 AND due <= $3 ORDER BY due LIMIT 1) AND done = 0 AND due <= $3
		RETURNING ` + erasureColumns

	// RenewErasure: $3 the end of the lease.
	RenewErasure = `UPDATE erasure SET due = $3 WHERE id = $1 AND holder = $2 AND done = 0`

	// EndErasure: $3 now, $4 no mailbox.
	EndErasure = `
		UPDATE erasure SET done = $3, canonical = '', recipient = $4, holder = ''
		WHERE id = $1 AND holder = $2 AND done = 0`

	// LeaseRedaction is as LeaseErasure.
	LeaseRedaction = `
		UPDATE redaction SET holder = $1, due = $2
		WHERE room = (SELECT room FROM redaction WHERE pending AND due <= $3 ORDER BY due LIMIT 1) AND pending AND due <= $3
		RETURNING room, place`

	// RenewRedaction: $4 the end of the lease.
	RenewRedaction = `UPDATE redaction SET due = $4 WHERE room = $1 AND place = $2 AND holder = $3 AND pending`

	// EndRedaction leaves it pending when more was forgotten meanwhile.
	EndRedaction = `
		UPDATE redaction SET pending = FALSE, holder = ''
		WHERE room = $1 AND place = $2 AND holder = $3`

	RedactEvent = `UPDATE log SET payload = $3 WHERE room = $1 AND seq = $2`

	// AllAddresses: $3 limit.
	AllAddresses = `SELECT room, ` + addressColumns + ` FROM address WHERE (room, invitation) > ($1, $2) ORDER BY room, invitation LIMIT $3`

	// RoomsOf: $1 part of the fact. Every room's few managers are looked through.
	RoomsOf = `
		SELECT id FROM room WHERE EXISTS (
			SELECT 1 FROM log WHERE log.room = room.id AND log.kind = 'manager.set' AND log.payload LIKE $1 ESCAPE '\')`
)

// What is kept for a while.
const (
	// Outlived: $1 ended before, $2 not looked at since, $3 limit.
	Outlived = `
		SELECT id FROM room
		WHERE starts_at < $1 AND ends_at < $1
			AND NOT EXISTS (SELECT 1 FROM outlived WHERE outlived.room = room.id AND outlived.looked >= $2)
		ORDER BY starts_at LIMIT $3`
	PutOutlived = `
		INSERT INTO outlived (room, looked) VALUES ($1, $2)
		ON CONFLICT (room) DO UPDATE SET looked = excluded.looked`

	SweepMails = `
		DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE state <> 'queued' AND changed < $1 LIMIT $2)`
	SweepSecrets = `
		DELETE FROM one_time WHERE secret IN (SELECT secret FROM one_time WHERE expires < $1 LIMIT $2)`
	SweepKeys = `
		DELETE FROM api_key WHERE hash IN (SELECT hash FROM api_key WHERE expires > 0 AND expires < $1 LIMIT $2)`

	ForgetAgents = `UPDATE web_session SET agent = '' WHERE agent <> '' AND signed < $1`

	// AuditTold gives the oldest entries that tell of people.
	AuditTold = `SELECT ` + auditColumns + ` FROM audit WHERE length(salt) > 0 AND at < $1 ORDER BY at, room, number LIMIT $2`

	PseudonymiseAudit = `
		UPDATE audit SET who = $3, detail = $4, session = $5, salt = $5 WHERE room = $1 AND number = $2`
	ForgetAuditAbout = `DELETE FROM audit_about WHERE room = $1 AND number = $2`
)
