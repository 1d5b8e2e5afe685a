package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// written is what the program has said so far.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// Every goroutine of a whole server ends with it.
func TestNothingStays(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, log written
	code := make(chan int)
	go func() { code <- program(ctx, []string{"--dev", "--listen", "127.0.0.1:0"}, &out, &log) }()
	for deadline := time.Now().Add(patience); !strings.Contains(out.String(), "\nkey "); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not start: %s%s", out.String(), log.String())
		}
	}
	cancel()
	if c := <-code; c != exitWell {
		t.Errorf("exit code %d: %s", c, log.String())
	}
}
