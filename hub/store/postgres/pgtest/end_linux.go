package pgtest

import (
	"os/exec"
	"syscall"
)

// endWithUs makes a process end when we do, however that happens.
func endWithUs(command *exec.Cmd) {
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Pdeathsig = syscall.SIGQUIT // PostgreSQL's immediate stop
}
