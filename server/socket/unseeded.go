//go:build !seeded

package socket

// waitLocked is the place of a bug that is sown on purpose, to prove the fault
// rig (seeded.go). Here it does nothing.
func (c *Conn) waitLocked() {}

// boundless is another: no outbox is without a bound.
func (c *Conn) boundless() bool { return false }
