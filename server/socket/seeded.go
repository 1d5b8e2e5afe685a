//go:build seeded

package socket

import (
	"os"
	"time"
)

// A bug that is sown on purpose, as in hub: only in builds with the tag seeded.
var bug = os.Getenv("GREENROOM_SEEDED_BUG")

// waitLocked makes whoever sends wait for a peer that reads slowly.
func (c *Conn) waitLocked() {
	if bug == "blocked-send" && c.queued > 0 {
		c.mu.Unlock()
		time.Sleep(1500 * time.Millisecond)
		c.mu.Lock()
	}
}

// boundless lets an outbox grow without end.
func (c *Conn) boundless() bool { return bug == "endless-outbox" }
