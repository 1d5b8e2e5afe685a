package world

import (
	"net"
	"os"
	"testing"
)

func TestOwners(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	var o owners
	if got := o.of(nc.LocalAddr()); got != "" {
		t.Errorf("nobody is known, and it is of %q", got)
	}
	o.set(1, "init")
	o.set(os.Getpid(), "me")
	if got := o.of(nc.LocalAddr()); got != "me" {
		t.Errorf("our own connection is of %q", got)
	}
	o.forget(os.Getpid())
	if got := o.of(nc.LocalAddr()); got != "" {
		t.Errorf("it is still of %q", got)
	}
	if got := o.of(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}); got != "" {
		t.Errorf("no connection is of %q", got)
	}
}
