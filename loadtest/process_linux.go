package main

import (
	"os"
	"syscall"
)

// apart puts the server into a group of its own, so that a Ctrl-C reaches us
// alone, and ends it even if we are killed.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

func signalGroup(p *os.Process, s syscall.Signal) error { return syscall.Kill(-p.Pid, s) }
