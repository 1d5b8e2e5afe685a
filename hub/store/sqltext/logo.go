package sqltext

// The site's logo. A new one takes the place of what was there.
const (
	PutLogo    = `INSERT INTO logo (hash, kind, content) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`
	SweepLogos = `DELETE FROM logo WHERE hash <> $1`
	Logo       = `SELECT kind, content FROM logo WHERE hash = $1`
)
