//go:build !linux

package world

import "syscall"

func apart() *syscall.SysProcAttr { return nil }
