package sqltext

// Mailed codes.
const (
	PutCode = `
		INSERT INTO code (purpose, subject, hash, expires, tries) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (purpose, subject) DO UPDATE SET hash = excluded.hash, expires = excluded.expires, tries = 0`

	// TakeCode: $3 hash, $4 now, $5 how many wrong tries it survives.
	TakeCode = `DELETE FROM code WHERE purpose = $1 AND subject = $2 AND hash = $3 AND expires > $4 AND tries < $5`
	MissCode = `UPDATE code SET tries = tries + 1 WHERE purpose = $1 AND subject = $2`

	SweepCodes     = `DELETE FROM code WHERE expires < $1`
	SweepCodeMails = `DELETE FROM mail WHERE kind = 'code' AND created < $1 AND state <> 'queued'`
)
