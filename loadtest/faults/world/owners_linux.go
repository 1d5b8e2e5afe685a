package world

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// hasSocket says whether a process holds the connection with this end.
func hasSocket(process int, at *net.TCPAddr) bool {
	socket := "socket:[" + inode(at) + "]"
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", process))
	for _, f := range files {
		if to, err := os.Readlink(f); err == nil && to == socket {
			return true
		}
	}
	return false
}

// inode finds a connection in the kernel's list, whose second column is this
// end of it and whose tenth is its number.
func inode(at *net.TCPAddr) string {
	list, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return ""
	}
	ip := at.IP.To4()
	end := fmt.Appendf(nil, ": %02X%02X%02X%02X:%04X ", ip[3], ip[2], ip[1], ip[0], at.Port)
	for line := range bytes.Lines(list) {
		if !bytes.Contains(line, end) {
			continue
		}
		if columns := bytes.Fields(line); len(columns) > 9 {
			return string(columns[9])
		}
	}
	return ""
}
