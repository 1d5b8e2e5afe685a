//go:build unix

package socket

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// crowd is a server with its guests in another process.
type crowd struct {
	*guests
	sweeper *Sweeper
	conns   []*Conn
	left    sync.WaitGroup
}

// greeter answers every message, as the hub answers a hello.
type greeter struct{ *crowd }

var welcome = AppendFrame(nil, bytes.Repeat([]byte("w"), 600))

func (g greeter) Message(c *Conn, _ []byte) { c.Ready(); c.Send(welcome) }
func (g greeter) Closed(*Conn, error)       { g.left.Done() }

// gather makes n connections; ready is called before the first.
func gather(b *testing.B, n int, ready func()) *crowd {
	b.Helper()
	w := &crowd{sweeper: NewSweeper(SweeperOptions{Interval: 5 * time.Second})}
	var mu sync.Mutex
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c, err := Accept(rw, r, Options{Sweeper: w.sweeper})
		if err != nil {
			b.Error(err)
			return
		}
		w.left.Add(1)
		mu.Lock()
		w.conns = append(w.conns, c)
		mu.Unlock()
		c.Serve(greeter{w})
	}))
	ctx, stop := context.WithCancel(context.Background())
	swept := make(chan struct{})
	go func() { w.sweeper.Run(ctx); close(swept) }()
	ready()
	w.guests = startGuests(b, srv.Listener.Addr().String(), n)
	w.connected(b)
	b.Cleanup(func() {
		w.stop()
		w.left.Wait()
		stop()
		<-swept
		srv.Close()
	})
	return w
}

// BenchmarkSend is a broadcast of 150 bytes to n connections; figures per delivery.
func BenchmarkSend(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			w := gather(b, n, func() {})
			frame := AppendFrame(nil, bytes.Repeat([]byte("x"), 150))
			b.ReportAllocs()
			begin := cpu()
			b.ResetTimer()
			for i := range b.N {
				c := w.conns[i%n]
				for c.Buffered() > 100<<10 { // closed loop: we measure, we do not flood
					runtime.Gosched()
				}
				if err := c.Send(frame); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			b.ReportMetric(float64(cpu()-begin)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkConnect is accept, hello, answer; the wall time is that of both processes.
func BenchmarkConnect(b *testing.B) {
	var begin time.Duration
	gather(b, b.N, func() { begin = cpu(); b.ResetTimer() })
	b.StopTimer()
	b.ReportMetric(float64(cpu()-begin)/float64(b.N), "cpu-ns/op")
}

// BenchmarkIdle reports what an idle connection costs this process: resident bytes as they are
// after some pings, and once more after the garbage collector returned what it could. Run it
// with -benchtime 10000x for 10,000 connections; figures of a few are noise.
func BenchmarkIdle(b *testing.B) {
	var before, goroutines int
	gather(b, b.N, func() {
		debug.FreeOSMemory()
		before, goroutines = resident(b), runtime.NumGoroutine()
	})
	time.Sleep(6 * time.Second) // one round of pings
	idle := resident(b)
	var m runtime.MemStats
	debug.FreeOSMemory()
	runtime.ReadMemStats(&m)
	per := func(v int) float64 { return float64(v) / float64(b.N) }
	b.ReportMetric(per(idle-before), "B/conn")
	b.ReportMetric(per(resident(b)-before), "B/conn-after-gc")
	b.ReportMetric(per(int(m.HeapInuse)), "heap-B/conn")
	b.ReportMetric(per(int(m.StackInuse)), "stack-B/conn")
	b.ReportMetric(per(runtime.NumGoroutine()-goroutines), "goroutines/conn")
	b.ReportMetric(0, "ns/op")
}

func resident(b *testing.B) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("resident memory is read from /proc: run this on Linux")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kb int
	fmt.Sscan(rest, &kb)
	return kb << 10
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestConnIsSmall: a field more is a field for each of 100,000.
func TestConnIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(Conn{}); n > 256 {
		t.Errorf("Conn has %d bytes", n)
	} else {
		t.Logf("%d bytes", n)
	}
}

// TestSendAllocatesNothing while the kernel takes the bytes.
func TestSendAllocatesNothing(t *testing.T) {
	if underRace {
		t.Log("the race detector allocates")
		return
	}
	c, p := newSite(t, Options{}, false).connect(t)
	h := newRecorder()
	c.Serve(h)
	frame := AppendFrame(nil, bytes.Repeat([]byte("x"), 150))
	if n := testing.AllocsPerRun(200, func() { c.Send(frame) }); n > 0 {
		t.Errorf("%v allocations per Send", n)
	}
	p.Close()
	h.end(t)
}
