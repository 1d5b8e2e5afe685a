package storetest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Post is a chat message of usual length.
var Post = room.ChatPosted{
	Who:  room.Who{Participant: "p_abcdefghijklmnop", Name: "Ada Lovelace"},
	Text: "What a question! I would say that it depends on the weather, as nearly everything does.",
}

// Posts gives a decide function that appends n messages behind head and newer.
func Posts(head room.Seq, n int) func(time.Time, []room.Event) (store.Batch, error) {
	return func(now time.Time, newer []room.Event) (b store.Batch, _ error) {
		for i := range n {
			b.Events = append(b.Events, room.Event{
				Seq: head + room.Seq(len(newer)+i+1), At: room.Millis(now.UnixMilli()),
				Participant: "p_abcdefghijklmnop", Key: "0123456789abcdef", Fact: Post,
			})
		}
		return b, nil
	}
}

// CommitForever commits to eight rooms at once and says each place after it was
// acknowledged, until its process is killed: a test does this when the test
// binary is the victim of Killed.
func CommitForever(s store.Store) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { commitForever(s, room.ID(fmt.Sprint("room", i))) })
	}
	all.Wait()
}

func commitForever(s store.Store, id room.ID) {
	heads, err := s.Heads(context.Background(), []room.ID{id})
	for head := heads[id]; err == nil; {
		n := 1 + rand.IntN(8)
		err = s.Commit(context.Background(), id, head, Posts(head, n))
		head += room.Seq(n)
		fmt.Printf("%s %d\n", id, head)
	}
	fmt.Println("failed", err)
}

// Killed kills the victim, several times over: every event that was
// acknowledged before a kill is there after it, without a gap. The victim is
// this test binary running TestVictim with one more name in its environment.
func Killed(t *testing.T, environment string, open func() store.Store) {
	t.Helper()
	acknowledged := map[room.ID]room.Seq{}
	for range 5 {
		kill(t, environment, 20+rand.IntN(400), acknowledged)
		s := open()
		for id, head := range acknowledged {
			last := room.Seq(0)
			for e, err := range s.Since(t.Context(), id, 0) { // which reports a gap
				if err != nil {
					t.Fatal(err)
				}
				last = e.Seq
			}
			if last < head {
				t.Errorf("%s: %d was acknowledged, the log ends at %d", id, head, last)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// kill reads some of what the victim says, kills it at that moment, and reads
// the rest that it said before.
func kill(t *testing.T, environment string, lines int, acknowledged map[room.ID]room.Seq) {
	t.Helper()
	victim, said := Victim(t, "TestVictim", environment)
	for n := 0; said.Scan(); n++ {
		var id room.ID
		var head room.Seq
		if _, err := fmt.Sscan(said.Text(), &id, &head); err == nil {
			acknowledged[id] = max(acknowledged[id], head)
		} else if n < lines {
			t.Errorf("the victim says %q", said.Text())
		}
		if n == lines {
			_ = victim.Process.Kill()
		}
	}
	if err := victim.Wait(); err == nil {
		t.Error("the victim ended by itself")
	}
}

// Victim starts this test binary anew with one test alone, and gives what it
// says line by line.
func Victim(t *testing.T, test, environment string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	victim.Env = append(os.Environ(), environment)
	said, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	return victim, bufio.NewScanner(said)
}
