//go:build !unix

package smtptest

// hold cannot keep a port here: another program may take it.
func hold(int) (release func(), err error) { return func() {}, nil }
