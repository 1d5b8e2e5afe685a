//go:build !unix

package pgtest

import "os/exec"

func asPostgres(*exec.Cmd) error   { return nil }
func (s *Server) ownFolder() error { return nil }
