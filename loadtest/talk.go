package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// underWay bounds the posts that wait for their answer; what is due beyond it
// is counted as late and left out, instead of flattering the latencies.
const underWay = 2000

// patience is how long what is under way at the end may still take.
const patience = 10 * time.Second

// talk is the part inside: chat and role changes at their rates.
func (s *show) talk(ctx context.Context) error {
	inside := s.inside()
	if len(inside) == 0 {
		return errors.New("nobody is inside")
	}
	s.m.greatest = len(inside)
	s.p.showing("talking", func() string {
		return fmt.Sprintf(": %d messages, %d received, %d new roles", s.m.messages.Load(), s.received(), s.m.latency[measurePromotion].count())
	})
	ctx, cancel := context.WithTimeout(ctx, s.c.For+patience)
	defer cancel()
	if err := s.launch(ctx); err != nil {
		return err
	}
	stop, began := s.t.meter(), time.Now()
	s.weighAll(inside)
	var all sync.WaitGroup
	all.Go(func() { s.chat(ctx, inside) })
	all.Go(func() { s.promote(ctx, inside) })
	all.Go(func() { s.answer(ctx, inside) })
	all.Go(func() { s.react(ctx, inside) })
	all.Go(func() { s.cut(ctx) })
	all.Wait()
	s.m.lasted, s.m.usage, s.m.traffic = time.Since(began), stop(), s.traffic(inside)
	return nil
}

// received adds up how many messages have come.
func (s *show) received() (n int64) {
	for _, g := range s.guests {
		n += g.received.Load()
	}
	return n
}

func (s *show) inside() (inside []*guest) {
	for _, g := range s.guests {
		if g.inside.Load() {
			inside = append(inside, g)
		}
	}
	return inside
}

// steadily calls do at a rate, at moments that were fixed before: it hands
// over when each call was due.
func (s *show) steadily(ctx context.Context, perSecond float64, do func(due int64)) {
	if perSecond == 0 {
		return
	}
	began, gap := now(), float64(time.Second)/perSecond
	for i := 0; float64(i)*gap < float64(s.c.For); i++ {
		due := began + int64(float64(i)*gap)
		if pause(ctx, time.Duration(due-now())) != nil {
			return
		}
		do(due)
	}
}

// chat lets everybody write in turn, in an order of chance, or so many of them.
func (s *show) chat(ctx context.Context, inside []*guest) {
	turns := rand.New(rand.NewPCG(s.c.Seed, 1)).Perm(len(inside))
	if s.c.Writers > 0 {
		turns = turns[:min(s.c.Writers, len(turns))]
	}
	places := make(chan struct{}, underWay)
	var posts sync.WaitGroup
	defer posts.Wait()
	next := 0
	s.steadily(ctx, s.c.Chat, func(due int64) {
		select {
		case places <- struct{}{}:
		default:
			s.m.late.Add(1)
			return
		}
		g := inside[turns[next%len(turns)]]
		next++
		posts.Go(func() {
			g.post(ctx, due)
			<-places
		})
	})
}

// promote makes people speakers and viewers again, whom chance picks, one
// change at a time for each.
func (s *show) promote(ctx context.Context, inside []*guest) {
	random := rand.New(rand.NewPCG(s.c.Seed, 2))
	var changes sync.WaitGroup
	defer changes.Wait()
	next := 0
	s.steadily(ctx, s.c.Promote, func(due int64) {
		g := inside[random.IntN(len(inside))]
		if !g.roleAt.CompareAndSwap(0, due) {
			s.m.late.Add(1)
			return
		}
		owner := s.owner[next%len(s.owner)]
		next++
		changes.Go(func() {
			role := roleAfter(g.speaker.Load())
			s.changes.Store(roleChange{g.participant, role.Shown()}, due)
			if _, err := owner.SetRole(ctx, g.participant, role); err != nil {
				g.roleAt.Store(0)
				s.m.failUnless(ctx, "promote", err)
				return
			}
			s.m.note(measureRole, time.Duration(now()-due))
		})
	})
}

// settle waits until everybody has everything, and counts what is missing.
func (s *show) settle(ctx context.Context) error {
	s.p.say("waiting for the last ones")
	for until := time.Now().Add(patience); ctx.Err() == nil && time.Now().Before(until) && s.missing() > 0; {
		_ = pause(ctx, 20*time.Millisecond)
	}
	s.m.missing, s.m.received = s.missing(), s.received()
	for _, g := range s.inside() {
		if g.anew.Load() {
			s.m.anew++
		}
	}
	return nil
}

// missing is how many messages and new rights have not reached somebody who
// is inside. Who was told anew by a snapshot has what it holds.
func (s *show) missing() (n int) {
	posted := s.m.messages.Load()
	for _, g := range s.inside() {
		if !g.anew.Load() {
			n += int(max(0, posted-g.received.Load()))
		}
		if g.roleAt.Load() != 0 {
			n++
		}
	}
	return n
}
