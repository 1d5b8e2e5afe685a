package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
)

// crashURL in the environment makes the test binary a victim on this database.
const crashURL = "GREENROOM_CRASH_TEST"

// post is a chat message of usual length.
var post = room.ChatPosted{
	Who:  room.Who{Participant: "p_abcdefghijklmnop", Name: "Ada Lovelace"},
	Text: "What a question! I would say that it depends on the weather, as nearly everything does.",
}

// posts appends n messages behind head.
func posts(head room.Seq, n int) func(time.Time, []room.Event) (store.Batch, error) {
	return func(now time.Time, newer []room.Event) (b store.Batch, _ error) {
		for i := range n {
			b.Events = append(b.Events, room.Event{
				Seq: head + room.Seq(len(newer)+i+1), At: room.Millis(now.UnixMilli()),
				Participant: "p_abcdefghijklmnop", Key: "0123456789abcdef", Fact: post,
			})
		}
		return b, nil
	}
}

// TestVictim commits in a loop and says each place after it was acknowledged,
// until it is killed. It is run by TestKilled only.
func TestVictim(t *testing.T) {
	url := os.Getenv(crashURL)
	if url == "" {
		return
	}
	s := open(t, postgres.Options{URL: url})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { commitForever(s, room.ID(fmt.Sprint("room", i))) })
	}
	all.Wait()
}

func commitForever(s *postgres.Store, id room.ID) {
	heads, err := s.Heads(context.Background(), []room.ID{id})
	for head := heads[id]; err == nil; {
		n := 1 + rand.IntN(8)
		err = s.Commit(context.Background(), id, head, posts(head, n))
		head += room.Seq(n)
		fmt.Printf("%s %d\n", id, head)
	}
	fmt.Println("failed", err)
}

// Every event that was acknowledged before a kill is there after it, without a
// gap, several times over.
func TestKilled(t *testing.T) {
	url := pgtest.Database(t)
	s := open(t, postgres.Options{URL: url})
	defer s.Close()
	acknowledged := map[room.ID]room.Seq{}
	for range 4 {
		killed(t, url, 20+rand.IntN(400), acknowledged)
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
	}
}

// killed runs the victim, reads some of what it says, kills it at that moment,
// and reads the rest that it said before.
func killed(t *testing.T, url string, lines int, acknowledged map[room.ID]room.Seq) {
	t.Helper()
	command, said := victim(t, "^TestVictim$", crashURL+"="+url)
	read := bufio.NewScanner(said)
	for n := 0; read.Scan(); n++ {
		var id room.ID
		var head room.Seq
		if _, err := fmt.Sscan(read.Text(), &id, &head); err == nil {
			acknowledged[id] = max(acknowledged[id], head)
		} else if n < lines {
			t.Errorf("the victim says %q", read.Text())
		}
		if n == lines {
			command.Process.Kill()
		}
	}
	if err := command.Wait(); err == nil {
		t.Error("the victim ended by itself")
	}
}

func victim(t *testing.T, test, environment string) (*exec.Cmd, *os.File) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+test)
	command.Env = append(os.Environ(), environment)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { read.Close() })
	command.Stdout = write
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	return command, read
}

func headOf(t *testing.T, s *postgres.Store, id room.ID) room.Seq {
	t.Helper()
	heads, err := s.Heads(t.Context(), []room.ID{id})
	if err != nil {
		t.Fatal(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return heads[id]
}
