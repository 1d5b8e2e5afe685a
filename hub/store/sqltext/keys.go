package sqltext

// API keys.
const (
	keyColumns = `hash, api_key.person, label, scope, api_key.created, expires, used`

	PutKey = `
		INSERT INTO api_key (hash, person, label, scope, created, expires, used) VALUES ($1, $2, $3, $4, $5, $6, $7)`

	// Key: an expiry of 0 is never.
	Key = `SELECT ` + keyColumns + `, ` + personColumns + ` FROM api_key JOIN person ON person.id = api_key.person
		WHERE hash = $1 AND (expires = 0 OR expires > $2) AND NOT disabled`

	Keys     = `SELECT ` + keyColumns + ` FROM api_key WHERE person = $1 ORDER BY created, hash`
	TouchKey = `UPDATE api_key SET used = $2 WHERE hash = $1`
	EndKey   = `DELETE FROM api_key WHERE hash = $1`
)
