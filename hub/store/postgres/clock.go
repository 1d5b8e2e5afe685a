package postgres

import (
	"sync"
	"time"
)

// clockText is the database's time in milliseconds, not that of the
// transaction's begin.
const clockText = `SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)`

// clockLife is how long a reading is believed over a later one that says less:
// this machine's clock may run a little faster than the database's.
const clockLife = 30 * time.Second

// clock is the database's time between two readings, which come with every
// commit. What it says is a lower bound: a reading was true before it came, and
// from there on this machine's monotonic clock goes on.
type clock struct {
	mu sync.Mutex
	at time.Time // the newest reading
	on time.Time // when it came, by this machine
}

// learn takes a reading and gives it back as a time.
func (c *clock) learn(ms int64) time.Time {
	at := time.UnixMilli(ms).UTC()
	c.mu.Lock()
	defer c.mu.Unlock()
	if passed := time.Since(c.on); passed > clockLife || at.After(c.at.Add(passed)) {
		c.at, c.on = at, time.Now()
	}
	return at
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.on))
}
