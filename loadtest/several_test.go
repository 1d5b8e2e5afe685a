package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"greenroom/loadtest/bench"
)

// People of two servers hear each other, and when one server is killed its
// people are back on the other.
func TestTwoServersAndTheEndOfOne(t *testing.T) {
	open := os.TempDir()
	c := small(t)
	t.Setenv("TMPDIR", open)                            // PostgreSQL is another user, who has to come in
	c.Instances, c.Kill, c.For = 2, true, 3*time.Second // on a PostgreSQL and a Redis of its own
	c.Assert = []string{"errors==0", "missing==0", "inside==12", "across.count>=1", "promoted_across.count>=1", "back.count==11", "away==0"}
	var out bytes.Buffer
	errs, err := os.Create(filepath.Join(t.TempDir(), "progress"))
	if err != nil {
		t.Fatal(err)
	}
	defer errs.Close()
	if status := run(c, &out, errs); status != 0 {
		said, _ := os.ReadFile(errs.Name())
		t.Fatalf("status %d\n%s\n%s", status, &out, said)
	}
}

// Where PostgreSQL is not installed, the flags are named that go on without.
func TestNothingToStart(t *testing.T) {
	b := &bench.Bench{Folder: t.TempDir()}
	defer b.End()
	t.Setenv("PATH", t.TempDir())
	_, _, err := provide(b, &Config{Instances: 2, Store: "postgres://elsewhere/db"}, newProgress(os.Stderr))
	if err == nil || !strings.Contains(err.Error(), "redis-server is not installed") || !strings.Contains(err.Error(), "--redis") {
		t.Errorf("%v", err)
	}
}

// The way to Redis carries both directions until it is cut, and then nothing.
func TestTheWayToRedisIsCut(t *testing.T) {
	far, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	go func() {
		for {
			c, err := far.Accept()
			if err != nil {
				return
			}
			if _, err := fmt.Fprintln(c, "PONG"); err != nil {
				return
			}
		}
	}()
	l, by, err := lay("redis://user:secret@" + far.Addr().String() + "/2")
	if err != nil {
		t.Fatal(err)
	}
	if want := "redis://user:secret@" + l.listener.Addr().String() + "/2"; by != want {
		t.Errorf("%s instead of %s", by, want)
	}
	near, err := net.Dial("tcp", l.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	r := bufio.NewReader(near)
	if said, err := r.ReadString('\n'); err != nil || said != "PONG\n" {
		t.Fatalf("%q, %v", said, err)
	}
	l.cut()
	if _, err := r.ReadByte(); err == nil {
		t.Error("it still carries")
	}
	if c, err := net.Dial("tcp", l.listener.Addr().String()); err == nil {
		c.Close()
		t.Error("there is still a way")
	}
}
