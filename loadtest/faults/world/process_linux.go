package world

import "syscall"

// apart puts a process into a group of its own, so that a Ctrl-C reaches the
// rig alone, and ends it even if the rig is killed.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
