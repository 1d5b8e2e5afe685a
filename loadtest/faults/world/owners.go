package world

import (
	"net"
	"sync"
)

// owners knows by their processes which instance a connection on this machine
// is of. All come from the same address, and a Sentinel or a Cluster tells the
// same address of a server to all.
type owners struct {
	mu    sync.Mutex
	names map[int]string // by process
}

func (o *owners) set(process int, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.names == nil {
		o.names = map[int]string{}
	}
	o.names[process] = name
}

func (o *owners) forget(process int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.names, process)
}

// of gives whose this end of a connection is; empty: no instance's.
func (o *owners) of(client net.Addr) string {
	at, ok := client.(*net.TCPAddr)
	if !ok {
		return ""
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for process, name := range o.names {
		if hasSocket(process, at) {
			return name
		}
	}
	return ""
}
