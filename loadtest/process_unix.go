//go:build unix && !linux

package main

import (
	"os"
	"syscall"
)

// apart puts the server into a group of its own, so that a Ctrl-C reaches us
// alone.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(p *os.Process, s syscall.Signal) error { return syscall.Kill(-p.Pid, s) }
