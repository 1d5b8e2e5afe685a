package main

import (
	"context"
	"fmt"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// idle connects everybody and tells what that costs the server: memory with
// all invited and nobody there, against memory with all there and silent.
func (s *show) idle(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.prepare, s.invite} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if s.c.Inside {
		if err := s.openAtOnce(ctx); err != nil {
			return err
		}
	}
	s.http.CloseIdleConnections()
	before, err := s.rest(ctx, "before")
	if err != nil {
		return err
	}
	stop := s.t.meter()
	if err := s.join(ctx); err != nil {
		return err
	}
	if s.c.Inside {
		if err := s.each(ctx, "entering", "lobby", func(ctx context.Context, g *guest) error { return g.knock(ctx) }); err != nil {
			return err
		}
	}
	s.http.CloseIdleConnections()
	s.m.usage = stop()
	after, err := s.rest(ctx, "connected")
	if err != nil {
		return err
	}
	s.m.memory = compare(len(s.guests), before, after)
	for _, g := range s.guests {
		if err := g.room.Err(); err != nil {
			s.m.fail("hold", err)
		}
	}
	return nil
}

func (s *show) openAtOnce(ctx context.Context) error {
	if _, err := s.site.PatchRoom(ctx, s.room.ID, client.RoomPatch{State: room.StatusOpen}); err != nil {
		return fmt.Errorf("open the room: %w", err)
	}
	return nil
}

// rest waits until nothing moves any more and then reads the memory: as it is,
// and after a collection.
func (s *show) rest(ctx context.Context, when string) (reading, error) {
	s.p.say("settling, " + when)
	if err := pause(ctx, s.c.Settle); err != nil {
		return reading{}, err
	}
	if s.t.own != nil && when == "before" { // the rubbish of the invitations is nobody's connection
		if _, err := s.t.look(ctx); err != nil {
			return reading{}, err
		}
		if err := pause(ctx, time.Second); err != nil {
			return reading{}, err
		}
	}
	return s.t.look(ctx)
}

func compare(n int, before, after reading) *memory {
	m := &memory{Connections: n, Before: before.after.RSS, Connected: after.rss, Collected: after.after.RSS}
	if m.Before == 0 {
		m.Before = before.rss
	}
	per := func(a, b int64) int64 { return (a - b) / int64(max(n, 1)) }
	if after.rss > 0 {
		m.PerConnection = float64(after.rss-m.Before) / float64(max(n, 1))
	}
	if after.after.RSS > 0 {
		m.PerConnectionGC = float64(after.after.RSS-m.Before) / float64(max(n, 1))
		m.Heap, m.Stack = per(after.after.Heap, before.after.Heap), per(after.after.Stack, before.after.Stack)
	}
	return m
}
