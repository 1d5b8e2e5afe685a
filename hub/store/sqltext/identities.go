package sqltext

// Accounts and what OpenID providers call them.
const (
	Identity          = `SELECT person, teams, created FROM identity WHERE issuer = $1 AND subject = $2`
	IdentitiesOf      = `SELECT issuer, subject, teams, created FROM identity WHERE person = $1 ORDER BY issuer, subject`
	AddIdentity       = `INSERT INTO identity (issuer, subject, person, teams, created) VALUES ($1, $2, $3, $4, $5)`
	SetIdentityGroups = `UPDATE identity SET teams = $3 WHERE issuer = $1 AND subject = $2`
	TakeUnproven      = `UPDATE person SET verified = $3, password = '' WHERE id = $1 AND canonical = $2`
)
