package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/store/postgres/pgtest"
)

// speaker is one connection that talks on and on, as a client does: a message whose outcome is
// unknown is sent again with the same key.
type speaker struct {
	guest *guest
	name  string

	said         int               // messages begun
	key, text    string            // of the message whose outcome is unknown; empty: none
	acknowledged map[string]uint64 // text to place
}

func (s *speaker) begin() {
	if s.text == "" {
		s.said++
		s.key, s.text = newKey(), fmt.Sprintf("%s says %d", s.name, s.said)
	}
}

// talk goes on until the connection ends. Each acknowledgement is told to heard.
func (s *speaker) talk(ctx context.Context, room string, heard chan<- struct{}) error {
	var no *problem
	switch err := s.guest.connect(ctx, room); {
	case errors.As(err, &no):
		return err
	case err != nil:
		return nil // the server was killed while this one was still connecting
	}
	defer s.guest.hangUp()
	for {
		s.begin()
		place, err := s.guest.say(ctx, s.key, s.text)
		switch {
		case errors.As(err, &no) && no.Temporary:
			time.Sleep(time.Duration(no.RetryMS) * time.Millisecond)
		case errors.As(err, &no):
			return fmt.Errorf("%s: refused: %w", s.text, err)
		case err != nil:
			return nil // the server was killed
		default:
			s.acknowledged[s.text] = place
			s.key, s.text = "", ""
			select {
			case heard <- struct{}{}:
			default:
			}
		}
	}
}

// The server is killed at random moments, again and again, while people talk. What was acknowledged
// is there afterwards, once, and so is each message whose outcome was unknown and that was sent
// again (INVARIANTS.md L1, L2, I1).
func TestKillNine(t *testing.T) { killNine(t, 8) }

// The same on PostgreSQL.
func TestKillNineOnPostgres(t *testing.T) { killNine(t, 4, "--store", pgtest.Database(t)) }

func killNine(t *testing.T, kills int, args ...string) {
	args = append([]string{"--data", t.TempDir()}, args...)
	r := begin(t, append(args, "--dev")...)
	links := r.devLinks()
	room := openRoom(t, r, links)
	listen := strings.TrimPrefix(r.url, "http://")
	var speakers []*speaker
	for name, email := range map[string]string{"speaker": "amara@example.org", "moderator": "priya@example.org"} {
		for i, g := range tabs(t, r, links[name], room, email, 3) {
			g.hangUp()
			speakers = append(speakers, &speaker{guest: g, name: fmt.Sprint(name, i), acknowledged: map[string]uint64{}})
		}
	}
	for round := range kills + 1 {
		ctx, cancel := within(2 * patience)
		heard := make(chan struct{}, 1)
		var all sync.WaitGroup
		for _, s := range speakers {
			all.Go(func() {
				if err := s.talk(ctx, room, heard); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		select {
		case <-heard:
		case <-ctx.Done():
			t.Fatalf("round %d: nobody was heard", round)
		}
		time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond) // the random moment
		r.kill()
		all.Wait()
		cancel()
		if round < kills {
			r = begin(t, append(args, "--listen", listen)...) // the same site, as a real one: --dev is a matter of seeding
		}
	}
	r = begin(t, append(args, "--listen", listen)...)
	ctx, cancel := within(2 * patience)
	defer cancel()
	settle(t, ctx, speakers, room)
	compare(t, speakers, speakers[0].guest.history(ctx))
	if _, body := r.get(r.admin + "/debug/check"); !strings.Contains(body, "Every replica equals its log") {
		t.Errorf("the check after %d kills: %s", kills, body)
	}
}

// settle connects everybody and sends once more what is unknown.
func settle(t *testing.T, ctx context.Context, speakers []*speaker, room string) {
	t.Helper()
	for _, s := range speakers {
		if err := s.guest.connect(ctx, room); err != nil {
			t.Fatal(err)
		}
		if s.text != "" {
			place, err := s.guest.say(ctx, s.key, s.text)
			if err != nil {
				t.Fatal(err)
			}
			s.acknowledged[s.text] = place
		}
	}
}

func compare(t *testing.T, speakers []*speaker, history []string) {
	t.Helper()
	times := map[string]int{}
	for _, text := range history {
		times[text]++
	}
	total, places := 0, map[uint64]string{}
	for _, s := range speakers {
		for text, place := range s.acknowledged {
			total++
			if times[text] != 1 {
				t.Errorf("%q was acknowledged at %d and is there %d times", text, place, times[text])
			}
			if other, taken := places[place]; taken {
				t.Errorf("%q and %q were both acknowledged at %d", text, other, place)
			}
			places[place] = text
		}
	}
	if len(history) != total {
		t.Errorf("%d messages are there, %d were acknowledged", len(history), total)
	}
	t.Logf("%d messages acknowledged", total)
}
