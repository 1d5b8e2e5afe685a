//go:build !linux

package world

import "net"

// hasSocket cannot tell here: what is done to one instance's way to a Sentinel's
// or a Cluster's Redis happens to nobody.
func hasSocket(int, *net.TCPAddr) bool { return false }
