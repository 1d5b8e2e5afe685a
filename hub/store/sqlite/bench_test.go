package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/store/storetest"
)

func fresh(b *testing.B) *sqlite.Store {
	s := open(b, filepath.Join(b.TempDir(), "bench.db"), time.Now)
	b.Cleanup(func() { s.Close() })
	return s
}

// fill appends n messages to a room.
func fill(b *testing.B, s *sqlite.Store, id room.ID, n int) {
	for head := 0; head < n; head += store.MaxBatch {
		if err := s.Commit(b.Context(), id, room.Seq(head), storetest.Posts(room.Seq(head), min(store.MaxBatch, n-head))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B)  { storetest.BenchmarkAppend(b, anyFresh, 1, 10, 100, 1000) }
func BenchmarkBatch(b *testing.B)   { storetest.BenchmarkBatch(b, anyFresh) }
func BenchmarkAudited(b *testing.B) { storetest.BenchmarkAudited(b, anyFresh) }
func BenchmarkConfirm(b *testing.B) { storetest.BenchmarkConfirm(b, anyFresh) }

func anyFresh(b *testing.B) store.Store { return fresh(b) }

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
			storetest.ReportEvents(b, int(head))
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
	storetest.ReportEvents(b, 100_000*b.N)
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
