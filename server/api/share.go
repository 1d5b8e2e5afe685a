package api

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"greenroom/hub/broker"
)

// Bounds of what the instances tell each other of limits.
const (
	shareTopic = "limits"
	shareEvery = 100 * time.Millisecond
	shareAlive = 2 * time.Second // told at least so often, that one is here
	shareLife  = 6 * time.Second // forgotten when not heard for so long
	shareMost  = 1000            // keys of one message
)

// shares has the instances tell each other what was used of their limits, so
// that whoever goes from one to the next gains nothing. Nothing of it is kept
// in Redis. While the others cannot be heard, each instance grants its share
// of a limit alone. A limit may be exceeded by what happens within a tenth of
// a second on several instances; what must not be exceeded is counted in the
// store.
type shares struct {
	// set once
	broker   broker.Broker
	instance string
	log      *slog.Logger
	limiters map[string]spender // by name

	// guarded by mu
	mu     sync.Mutex
	used   map[string]map[uint64]int // by limiter and key: not yet told
	others map[string]time.Time      // instances, when last heard
	last   int                       // of them, when all could be heard
	deaf   bool
}

// spender is a limiter as shares see it.
type spender interface {
	spentElsewhere(key uint64, n int, now time.Time)
}

// spent is one message.
type spent struct {
	From string                    `json:"from"`
	Used map[string]map[uint64]int `json:"used,omitempty"`
}

func newShares(b broker.Broker, instance string, log *slog.Logger) *shares {
	return &shares{broker: b, instance: instance, log: log, limiters: map[string]spender{}, used: map[string]map[uint64]int{}, others: map[string]time.Time{}}
}

// keyOf is the same for one key on all instances, and nobody can choose two
// keys that have the same.
func keyOf(key any) uint64 {
	sum := sha256.Sum256(fmt.Append(nil, key))
	return binary.BigEndian.Uint64(sum[:])
}

// spend notes that a limit was used here.
func (s *shares) spend(limiter string, key uint64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used[limiter] == nil {
		s.used[limiter] = map[uint64]int{}
	}
	s.used[limiter][key]++
}

// of is what this instance may grant of a limit now.
func (s *shares) of(burst float64) float64 {
	if s == nil {
		return burst
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.deaf {
		return burst
	}
	return max(1, burst/float64(1+s.last))
}

// run tells and listens until ctx is done.
func (s *shares) run(ctx context.Context, now func() time.Time) {
	if s == nil {
		return
	}
	sub, err := s.broker.Subscribe(ctx, shareTopic)
	if err != nil {
		s.log.Warn("limits hold on each instance alone", "error", err)
		return
	}
	defer sub.Close()
	tick := time.NewTicker(shareEvery)
	defer tick.Stop()
	var told time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case msg, open := <-sub.C():
			if !open {
				return
			}
			s.hear(msg, now())
		case <-tick.C:
			at := now()
			s.look(sub.Sound(), at)
			told = s.tell(ctx, told, at)
		}
	}
}

// tell publishes what was used since the last time.
func (s *shares) tell(ctx context.Context, told, now time.Time) time.Time {
	used := s.take()
	if len(used) == 0 && now.Sub(told) < shareAlive {
		return told
	}
	text, err := json.Marshal(spent{From: s.instance, Used: used})
	if err == nil {
		err = s.broker.Publish(ctx, shareTopic, text)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Warn("what was used of limits is not told", "error", err)
	}
	return now
}

// take gives what is not yet told, at most shareMost keys of it.
func (s *shares) take() map[string]map[uint64]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, n := map[string]map[uint64]int{}, 0
	for limiter, keys := range s.used {
		for key, times := range keys {
			if n++; n > shareMost {
				return all
			}
			if all[limiter] == nil {
				all[limiter] = map[uint64]int{}
			}
			all[limiter][key] = times
			delete(keys, key)
		}
		delete(s.used, limiter)
	}
	return all
}

func (s *shares) hear(msg []byte, now time.Time) {
	var m spent
	if json.Unmarshal(msg, &m) != nil || m.From == s.instance {
		return
	}
	s.mu.Lock()
	s.others[m.From] = now
	s.mu.Unlock()
	for name, keys := range m.Used {
		limiter, known := s.limiters[name]
		if !known {
			continue // of another release
		}
		for key, n := range keys {
			limiter.spentElsewhere(key, n, now)
		}
	}
}

// look notes whether the others can be heard, and how many they are.
func (s *shares) look(sound bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deaf = !sound; s.deaf {
		return
	}
	for from, at := range s.others {
		if now.Sub(at) > shareLife {
			delete(s.others, from)
		}
	}
	s.last = len(s.others)
}
