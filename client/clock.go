package client

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"greenroom/hub/wire"
)

// samples is of how many questions the quickest one counts (PROTOCOL §3).
const samples = 5

// jump is a disagreement of clocks, in milliseconds, that calls for a new
// measurement: the machine slept, or somebody set its clock.
const jump = 2000

// clock is the server's clock as seen from here, in milliseconds against a
// monotonic reading, so that setting the local clock does no harm.
type clock struct {
	base      time.Time // wall and monotonic
	offset    float64   // server minus local
	roundTrip float64   // of the sample that it rests on; below 0: only told, never measured
	drift     float64   // wall minus monotonic, as noticed
	asked     int       // questions of the measurement under way; 0: none
	best      sample
}

// sample is one question: when it left and its answer came by the local
// clock, when the server got and answered it by its own.
type sample struct{ left, came, t1, t2 float64 }

func (s sample) roundTrip() float64 { return s.came - s.left - (s.t2 - s.t1) }
func (s sample) offset() float64    { return (s.t1+s.t2)/2 - (s.left+s.came)/2 }

func newClock(now time.Time) clock {
	return clock{base: now, offset: float64(now.UnixMilli()), roundTrip: -1}
}

// local is a reading of the local clock.
func (c *clock) local(now time.Time) float64 {
	return float64(now.Sub(c.base).Microseconds()) / 1000
}

// slept says, once, that the wall clock ran away from the monotonic one, which
// stands still while a machine sleeps. Ahead, that is the best guess of the
// server's time, too, until it is measured.
func (c *clock) slept(now time.Time) bool {
	ahead := float64(now.UnixMilli()-c.base.UnixMilli()) - c.local(now) - c.drift
	if math.Abs(ahead) < jump {
		return false
	}
	c.drift += ahead
	c.offset += max(ahead, 0)
	return true
}

// told is the rough time of a hello, which begins a new measurement.
func (c *clock) told(server int64, now time.Time) {
	c.roundTrip, c.asked = -1, 0
	c.tell(server, now)
}

// tell takes a time that the server mentioned; true if it does not fit.
func (c *clock) tell(server int64, now time.Time) bool {
	off := float64(server) - c.local(now)
	if c.roundTrip < 0 {
		c.offset = off
		return false
	}
	return math.Abs(off-c.offset) > jump
}

// take notes an answer; done when it was the last of a measurement.
func (c *clock) take(s sample) (done bool) {
	if c.asked <= 1 || s.roundTrip() < c.best.roundTrip() {
		c.best = s
	}
	if c.asked < samples {
		return false
	}
	c.offset, c.roundTrip, c.asked = c.best.offset(), max(c.best.roundTrip(), 0), 0
	return true
}

// Now is the server's time, as far as it is known: told at hello, then
// measured (the quickest of five questions), and again after every reconnect
// and when the machine has slept. Count down by it, not by the local clock;
// the door opens by the event room.opened alone.
func (r *Room) Now() time.Time {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.UnixMicro(int64((r.clock.local(now) + r.clock.offset) * 1000))
}

// TimeOffset measures the server's clock now and gives how far it is ahead of
// the local one, and the round trip of the question that this rests on: the
// offset is off by at most half of it.
func (r *Room) TimeOffset(ctx context.Context) (offset, roundTrip time.Duration, err error) {
	best := sample{came: math.Inf(1)}
	for range samples {
		left := r.local()
		ok, err := r.Do(ctx, "", wire.Time{T0: left})
		if err != nil {
			return 0, 0, err
		}
		if s, fits := sampleOf(left, r.local(), ok); fits && s.roundTrip() < best.roundTrip() {
			best = s
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock.offset, r.clock.roundTrip = best.offset(), max(best.roundTrip(), 0)
	wall := float64(r.clock.base.UnixMicro()) / 1000
	return milliseconds(r.clock.offset - wall - r.clock.drift), milliseconds(r.clock.roundTrip), nil
}

func (r *Room) local() float64 {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock.local(now)
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// sampleOf reads the ok of a time command.
func sampleOf(left, came float64, ok json.RawMessage) (sample, bool) {
	var t struct {
		T1 float64 `json:"t1"`
		T2 float64 `json:"t2"`
	}
	if err := json.Unmarshal(ok, &t); err != nil || t.T1 == 0 {
		return sample{}, false
	}
	return sample{left, came, t.T1, t.T2}, true
}
