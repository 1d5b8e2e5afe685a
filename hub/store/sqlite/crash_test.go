package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store/sqlite"
)

// crashPath in the environment makes the test binary the victim.
const crashPath = "GREENROOM_CRASH_TEST"

// TestVictim commits in a loop and says each place after it was acknowledged,
// until it is killed. It is run by TestKilled only.
func TestVictim(t *testing.T) {
	path := os.Getenv(crashPath)
	if path == "" {
		return
	}
	s := open(t, path, time.Now)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { commitForever(s, room.ID(fmt.Sprint("room", i))) })
	}
	all.Wait()
}

func commitForever(s *sqlite.Store, id room.ID) {
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
	path := filepath.Join(t.TempDir(), "a.db")
	acknowledged := map[room.ID]room.Seq{}
	for range 6 {
		victim(t, path, 20+rand.IntN(400), acknowledged)
		s := open(t, path, time.Now)
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
		s.Close()
	}
}

// victim runs the victim, reads some of what it says, kills it at that moment,
// and reads the rest that it said before.
func victim(t *testing.T, path string, lines int, acknowledged map[room.ID]room.Seq) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVictim$")
	command.Env = append(os.Environ(), crashPath+"="+path)
	said, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
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
