package sqlite_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

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

func fresh(b *testing.B) *sqlite.Store {
	s := open(b, filepath.Join(b.TempDir(), "bench.db"), time.Now)
	b.Cleanup(func() { s.Close() })
	return s
}

// fill appends n messages to a room.
func fill(b *testing.B, s *sqlite.Store, id room.ID, n int) {
	for head := 0; head < n; head += store.MaxBatch {
		if err := s.Commit(b.Context(), id, room.Seq(head), posts(room.Seq(head), min(store.MaxBatch, n-head))); err != nil {
			b.Fatal(err)
		}
	}
}

func reportEvents(b *testing.B, n int) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAppend: each committer has a room of its own and waits for its
// commit before the next.
func BenchmarkAppend(b *testing.B) {
	for _, committers := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("%d committers", committers), func(b *testing.B) {
			s := fresh(b)
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			b.ResetTimer()
			for c := range committers {
				all.Go(func() {
					id := room.ID(fmt.Sprint("room", c))
					for head := room.Seq(0); left.Add(-1) >= 0; head++ {
						if err := s.Commit(b.Context(), id, head, posts(head, 1)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			reportEvents(b, b.N)
		})
	}
}

// BenchmarkBatch: one room whose feed appends many events in each commit.
func BenchmarkBatch(b *testing.B) {
	for _, size := range []int{16, 128, 1024} {
		b.Run(fmt.Sprintf("%d events", size), func(b *testing.B) {
			s := fresh(b)
			head := room.Seq(0)
			for b.Loop() {
				if err := s.Commit(b.Context(), "room", head, posts(head, size)); err != nil {
					b.Fatal(err)
				}
				head += room.Seq(size)
			}
			reportEvents(b, int(head))
		})
	}
}

// BenchmarkOpening: 2,000 people claim their invitations when the doors open,
// as a feed commits them, with the audit rows that this leaves and without.
func BenchmarkOpening(b *testing.B) {
	const claims, turn = 2000, 1000
	for name, audited := range map[string]bool{"bare": false, "audited": true} {
		b.Run(name, func(b *testing.B) {
			s := fresh(b)
			head := room.Seq(0)
			for b.Loop() {
				for range claims / turn {
					if err := s.Commit(b.Context(), "room", head, claimed(head, turn, audited)); err != nil {
						b.Fatal(err)
					}
					head += turn
				}
			}
			reportEvents(b, int(head))
		})
	}
}

func claimed(head room.Seq, n int, audited bool) func(time.Time, []room.Event) (store.Batch, error) {
	return func(now time.Time, _ []room.Event) (b store.Batch, _ error) {
		for i := range n {
			place := head + room.Seq(i+1)
			who := room.ParticipantID(fmt.Sprintf("p_%014d", place))
			b.Events = append(b.Events, room.Event{Seq: place, At: room.Millis(now.UnixMilli()), Participant: who, Key: "0123456789abcdef",
				Fact: room.Claimed{Who: room.Who{Participant: who, Name: "Ada Lovelace", Role: room.Viewer}, Device: room.HashOf(string(who)), Generation: 1}})
			if audited {
				b.Rows = append(b.Rows, store.AuditRow{Room: "room", Who: string(who), Act: room.Claimed{}.Kind(), Targets: []string{string(who)},
					Changes: []room.Change{{Field: "generation", After: "1"}}, Session: room.HashOf(string(who)), Place: place})
			}
		}
		return b, nil
	}
}

// BenchmarkConfirm: an empty batch, which must not wait for the disk.
func BenchmarkConfirm(b *testing.B) {
	s := fresh(b)
	fill(b, s, "room", 1000)
	for b.Loop() {
		if err := s.Commit(b.Context(), "room", 1000, posts(1000, 0)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSince100k(b *testing.B) {
	s := fresh(b)
	fill(b, s, "room", 100_000)
	for b.Loop() {
		n := 0
		for _, err := range s.Since(b.Context(), "room", 0) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 100_000 {
			b.Fatal(n)
		}
	}
	reportEvents(b, 100_000*b.N)
}

func BenchmarkPage(b *testing.B) {
	s := fresh(b)
	fill(b, s, "room", 50_000)
	for b.Loop() {
		if _, err := s.Page(b.Context(), "room", []string{"chat.posted", "chat.deleted"}, 30_000, 50); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeads100: what an instance asks each second for its live rooms.
func BenchmarkHeads100(b *testing.B) {
	s := fresh(b)
	var ids []room.ID
	for i := range 100 {
		ids = append(ids, room.ID(fmt.Sprint("room", i)))
		fill(b, s, ids[i], 100)
	}
	for b.Loop() {
		if _, err := s.Heads(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	}
}
