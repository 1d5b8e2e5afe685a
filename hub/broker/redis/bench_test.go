package redis

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// From one instance to another, one message at a time.
func BenchmarkThere(b *testing.B) {
	s := redistest.Start(b)
	here, there := open(b, "redis://"+s.Host), open(b, "redis://"+s.Host)
	l := listen(b, there, "room")
	msg := make([]byte, 400)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := here.Publish(b.Context(), "room", msg); err != nil {
			b.Fatal(err)
		}
		<-l.C()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// Many at a time, in one room and in many: what waits leaves in one batch.
func BenchmarkThroughput(b *testing.B) {
	for _, rooms := range []int{1, 64} {
		b.Run(fmt.Sprint(rooms, " rooms"), func(b *testing.B) {
			s := redistest.Start(b)
			here := open(b, "redis://"+s.Host)
			msg := make([]byte, 400)
			for i := 0; b.Loop(); i++ {
				if err := here.Publish(b.Context(), fmt.Sprint("room", i%rooms), msg); err != nil {
					b.Fatal(err)
				}
			}
			until(b, "all has left", func() bool { n := here.Stats(); return n.Published+n.Lost >= uint64(b.N) })
			n := here.Stats()
			b.ReportMetric(float64(n.Published)/b.Elapsed().Seconds(), "msg/s")
			b.ReportMetric(float64(n.Published)/float64(n.Batches), "msg/batch")
			b.ReportMetric(float64(n.Lost), "lost")
		})
	}
}

// The same without batches.
func BenchmarkOneByOne(b *testing.B) {
	s := redistest.Start(b)
	here := open(b, "redis://"+s.Host)
	msg := string(here.sealer.seal("gr:{b00}:room", 1, make([]byte, 400)))
	for b.Loop() {
		if err := here.client.SPublish(b.Context(), "gr:{b00}:room", msg).Err(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	s := newSealer(testKey, time.Now)
	msg := make([]byte, 400)
	for i := uint64(1); b.Loop(); i++ {
		if _, err := s.open("gr:{b00}:room", 0, s.seal("gr:{b00}:room", i, msg)); err != nil {
			b.Fatal(err)
		}
	}
}
