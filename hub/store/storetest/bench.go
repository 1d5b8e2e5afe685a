package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// ReportEvents says how many events were appended in a second.
func ReportEvents(b *testing.B, n int) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAppend has each committer append to a room of its own, and wait for
// its commit before the next: no batches.
func BenchmarkAppend(b *testing.B, fresh func(*testing.B) store.Store, rooms ...int) {
	for _, committers := range rooms {
		b.Run(fmt.Sprintf("%d rooms", committers), func(b *testing.B) {
			s := fresh(b)
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			b.ResetTimer()
			for c := range committers {
				all.Go(func() {
					id := room.ID(fmt.Sprint("room", c))
					for head := room.Seq(0); left.Add(-1) >= 0; head++ {
						if err := s.Commit(b.Context(), id, head, Posts(head, 1)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			ReportEvents(b, b.N)
		})
	}
}

// BenchmarkBatch has one room whose feed appends many events in each commit.
func BenchmarkBatch(b *testing.B, fresh func(*testing.B) store.Store) {
	for _, size := range []int{16, 128, 1024} {
		b.Run(fmt.Sprintf("%d events", size), func(b *testing.B) {
			s := fresh(b)
			head := room.Seq(0)
			for b.Loop() {
				if err := s.Commit(b.Context(), "room", head, Posts(head, size)); err != nil {
					b.Fatal(err)
				}
				head += room.Seq(size)
			}
			ReportEvents(b, int(head))
		})
	}
}

// BenchmarkAudited is one room where each event has a row of the audit log, as
// promotions and invitations do.
func BenchmarkAudited(b *testing.B, fresh func(*testing.B) store.Store) {
	for _, rows := range []int{1, 100} {
		b.Run(fmt.Sprintf("%d rows", rows), func(b *testing.B) {
			s := fresh(b)
			head := room.Seq(0)
			for b.Loop() {
				err := s.Commit(b.Context(), "room", head, func(now time.Time, newer []room.Event) (store.Batch, error) {
					batch, err := Posts(head, rows)(now, newer)
					for i := range rows {
						batch.Rows = append(batch.Rows, act("room", "ada", "role.changed", fmt.Sprint("p", i), fmt.Sprint("i", i)))
					}
					return batch, err
				})
				if err != nil {
					b.Fatal(err)
				}
				head += room.Seq(rows)
			}
			ReportEvents(b, int(head))
		})
	}
}

// BenchmarkConfirm commits an empty batch, which must not wait for the disk.
func BenchmarkConfirm(b *testing.B, fresh func(*testing.B) store.Store) {
	s := fresh(b)
	if err := s.Commit(b.Context(), "room", 0, Posts(0, 1000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Commit(b.Context(), "room", 1000, Posts(1000, 0)); err != nil {
			b.Fatal(err)
		}
	}
}
