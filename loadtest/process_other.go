//go:build !unix

package main

import (
	"os"
	"syscall"
)

func apart() *syscall.SysProcAttr { return nil }

// signalGroup has no groups and no asking here.
func signalGroup(p *os.Process, _ syscall.Signal) error { return p.Kill() }
