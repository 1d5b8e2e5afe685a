package postgres_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

// fresh is a store on a new database of a PostgreSQL as it is installed: with
// fsync.
func fresh(b *testing.B, server *pgtest.Server) *postgres.Store {
	b.Helper()
	s := open(b, postgres.Options{URL: server.Database(b)})
	b.Cleanup(func() { s.Close() })
	return s
}

func BenchmarkAppend(b *testing.B)  { storetest.BenchmarkAppend(b, freshes(b), 1, 4, 20, 100) }
func BenchmarkBatch(b *testing.B)   { storetest.BenchmarkBatch(b, freshes(b)) }
func BenchmarkAudited(b *testing.B) { storetest.BenchmarkAudited(b, freshes(b)) }
func BenchmarkConfirm(b *testing.B) { storetest.BenchmarkConfirm(b, freshes(b)) }

func freshes(b *testing.B) func(*testing.B) store.Store {
	server := pgtest.Start(b)
	return func(b *testing.B) store.Store { return fresh(b, server) }
}

// BenchmarkShared: instances that all write into one room, which takes turns.
func BenchmarkShared(b *testing.B) {
	server := pgtest.Start(b)
	for _, instances := range []int{2, 4} {
		b.Run(fmt.Sprintf("%d instances", instances), func(b *testing.B) {
			s := fresh(b, server)
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			b.ResetTimer()
			for range instances {
				all.Go(func() {
					for head := room.Seq(0); left.Add(-1) >= 0; {
						var more room.Seq
						err := s.Commit(b.Context(), "room", head, func(now time.Time, newer []room.Event) (store.Batch, error) {
							more = room.Seq(len(newer)) + 1
							return storetest.Posts(head, 1)(now, newer)
						})
						if err != nil {
							b.Error(err)
						}
						head += more
					}
				})
			}
			all.Wait()
			storetest.ReportEvents(b, b.N)
		})
	}
}

// BenchmarkFsync is what the disk takes for what the others wait for.
func BenchmarkFsync(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "a"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	page := make([]byte, 8192)
	for b.Loop() {
		if _, err := file.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSessions: browsers that open their links, all at once. Their rows
// are different ones, so no transaction ought to hinder another.
func BenchmarkSessions(b *testing.B) {
	server := pgtest.Start(b)
	for _, browsers := range []int{1, 100} {
		b.Run(fmt.Sprintf("%d browsers", browsers), func(b *testing.B) {
			s := fresh(b, server)
			var left, made atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			b.ResetTimer()
			for range browsers {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						id := sha256.Sum256(fmt.Append(nil, made.Add(1)))
						err := s.PutSession(b.Context(), store.WebSession{ID: id, Created: time.Now(), Seen: time.Now()})
						err = errors.Join(err, s.PutOpening(b.Context(), id, store.Opening{Room: "room", Invitation: "i", Link: 1}))
						err = errors.Join(err, s.TouchSession(b.Context(), id, time.Now()))
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "browsers/s")
		})
	}
}
