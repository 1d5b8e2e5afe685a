package main

import (
	"sync/atomic"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"greenroom/client"
)

// What one viewer was sent in one second.
const (
	measureBytes  = "bytes"
	measureFrames = "frames"
)

var trafficNames = []string{measureBytes, measureFrames}

var trafficMeanings = map[string]string{
	measureBytes:  "sent to one viewer in one second",
	measureFrames: "the same, WebSocket messages",
}

// scales weigh what one person is sent, second by second of the part inside.
type scales struct {
	bytes, frames []atomic.Int64
}

// weigh runs for each frame of the server.
func (g *guest) weigh(_ *client.Room, bytes int) {
	began := g.show.talks.Load()
	w := g.scales.Load()
	if began == 0 || w == nil {
		return
	}
	if second := int((now() - began) / 1e9); second < len(w.bytes) {
		w.bytes[second].Add(int64(bytes))
		w.frames[second].Add(1)
	}
}

// weighAll begins to weigh.
func (s *show) weighAll(inside []*guest) {
	seconds := int(s.c.For.Seconds())
	for _, g := range inside {
		g.scales.Store(&scales{make([]atomic.Int64, seconds), make([]atomic.Int64, seconds)})
	}
	s.talks.Store(now())
}

// Traffic is one row of what a viewer was sent in a second.
type Traffic struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// traffic adds up who was a viewer all the time and never away: all their
// seconds.
func (s *show) traffic(inside []*guest) map[string]Traffic {
	bytes, frames := hdr.New(1, 1<<40, 3), hdr.New(1, 1<<40, 3)
	for _, g := range inside {
		w := g.scales.Load()
		if w == nil || g.changed.Load() || g.broken.Load() {
			continue
		}
		for i := range w.bytes {
			_ = bytes.RecordValue(w.bytes[i].Load()) // it lies in the range
			_ = frames.RecordValue(w.frames[i].Load())
		}
	}
	return map[string]Traffic{measureBytes: row(bytes), measureFrames: row(frames)}
}

func row(h *hdr.Histogram) Traffic {
	at := func(quantile float64) float64 { return float64(h.ValueAtQuantile(quantile)) }
	return Traffic{Count: h.TotalCount(), Mean: h.Mean(), P50: at(50), P90: at(90), P99: at(99), Max: float64(h.Max())}
}
