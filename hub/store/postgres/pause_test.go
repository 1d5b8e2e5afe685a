//go:build unix

package postgres_test

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

// pauseURL in the environment makes the test binary the instance that stops.
const pauseURL = "GREENROOM_PAUSE_TEST"

// TestPaused stops itself inside its first decision. It is run by
// TestPausedInstanceFreesItsRoom only.
func TestPaused(t *testing.T) {
	url := os.Getenv(pauseURL)
	if url == "" {
		return
	}
	s := open(t, postgres.Options{URL: url})
	defer s.Close()
	calls := 0
	err := s.Commit(t.Context(), "room", 0, func(now time.Time, newer []room.Event) (store.Batch, error) {
		if calls++; calls == 1 {
			fmt.Println("deciding")
			syscall.Kill(os.Getpid(), syscall.SIGSTOP)
			time.Sleep(time.Second) // the signal need not meet this thread first; longer than a transaction may idle
		}
		return storetest.Posts(0, 1)(now, newer)
	})
	fmt.Printf("decided %d times: %v\n", calls, err)
}

// An instance that is stopped in the middle of a commit keeps its room from
// nobody for long, and when it goes on it decides again, behind what the others
// have appended.
func TestPausedInstanceFreesItsRoom(t *testing.T) {
	url := pgtest.Database(t)
	s := open(t, postgres.Options{URL: url})
	defer s.Close()
	command, read := storetest.Victim(t, "TestPaused", pauseURL+"="+url)
	if !read.Scan() || read.Text() != "deciding" {
		t.Fatalf("the victim says %q", read.Text())
	}
	began := time.Now()
	if err := s.Commit(t.Context(), "room", 0, storetest.Posts(0, 2)); err != nil {
		t.Fatalf("a commit beside a stopped instance: %v", err)
	}
	t.Logf("the room was free after %v", time.Since(began))
	if err := command.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if !read.Scan() || read.Text() != "decided 2 times: <nil>" {
		t.Errorf("the victim says %q", read.Text())
	}
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
	if head := headOf(t, s, "room"); head != 3 {
		t.Errorf("the head is %d, want 3", head)
	}
}
