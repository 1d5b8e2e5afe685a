package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// The storm: what --storm sets where nothing else was said.
const (
	stormChat      = 200 // messages a second
	stormPromote   = 10
	stormReactions = 500
	stormWithin    = 2 * time.Second
)

// storm turns --storm into the rates it stands for, as far as so many people
// may do it.
func (c *Config) storm() {
	people := float64(c.People)
	set := func(rate *float64, usual, most float64) {
		if *rate == usual {
			*rate = most
		}
	}
	set(&c.Chat, usualChat, min(stormChat, people/2))
	set(&c.Promote, usualPromote, stormPromote)
	set(&c.Reactions, 0, min(stormReactions, people))
	if c.Answers == 0 {
		c.Answers = c.People
	}
}

// poll is the interaction of a run, which many answer within a short time.
type poll struct {
	id     string
	closed chan room.InteractionResult
}

// launch puts a question before everybody; without --answers there is none.
func (s *show) launch(ctx context.Context) error {
	if s.c.Answers == 0 {
		return nil
	}
	s.poll.closed = make(chan room.InteractionResult, 1)
	form := room.InteractionForm{Kind: room.InteractChoice, Question: "How is it?", Options: []string{"good", "fair", "bad"}, Results: room.ResultsLive}
	draft, err := s.owner[0].Draft(ctx, form)
	if err != nil {
		return fmt.Errorf("draft a question: %w", err)
	}
	if _, err := s.owner[0].Launch(ctx, draft.ID, time.Time{}); err != nil {
		return fmt.Errorf("launch a question: %w", err)
	}
	s.poll.id = draft.ID
	return nil
}

// answer lets people answer, all of them within a time, in the middle of what
// else goes on; each by their own connection.
func (s *show) answer(ctx context.Context, inside []*guest) {
	n := min(s.c.Answers, len(inside))
	if n == 0 || pause(ctx, (s.c.For-s.c.Within)/3) != nil {
		return
	}
	order := rand.New(rand.NewPCG(s.c.Seed, 3)).Perm(len(inside))[:n]
	var answers sync.WaitGroup
	defer answers.Wait()
	began := now()
	for i, who := range order {
		due := began + int64(s.c.Within)*int64(i)/int64(n)
		if pause(ctx, time.Duration(due-now())) != nil {
			return
		}
		answers.Go(func() {
			if _, err := inside[who].room.Answer(ctx, s.poll.id, i%3); err != nil {
				s.m.failUnless(ctx, "answer", err)
				return
			}
			s.m.answered.Add(1)
			s.m.note(measureAnswer, time.Duration(now()-due))
		})
	}
}

// react lets everybody clap in turn.
func (s *show) react(ctx context.Context, inside []*guest) {
	turns := rand.New(rand.NewPCG(s.c.Seed, 4)).Perm(len(inside))
	var reactions sync.WaitGroup
	defer reactions.Wait()
	next := 0
	s.steadily(ctx, s.c.Reactions, func(due int64) {
		g, emoji := inside[turns[next%len(turns)]], room.Reactions[next%len(room.Reactions)]
		next++
		reactions.Go(func() {
			if err := g.room.React(ctx, emoji); err != nil {
				s.m.failUnless(ctx, "react", err)
				return
			}
			s.m.note(measureReaction, time.Duration(now()-due))
		})
	})
}

// count closes the question: the exact result must be what was answered.
func (s *show) count(ctx context.Context) error {
	if s.poll.id == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := s.owner[0].EndInteraction(ctx, s.poll.id); err != nil {
		return fmt.Errorf("close the question: %w", err)
	}
	select {
	case result := <-s.poll.closed:
		s.m.uncounted = int(s.m.answered.Load()) - answersOf(result)
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("the question was not closed"), ctx.Err())
	}
}

func answersOf(result room.InteractionResult) int {
	if result.Outcome == nil {
		return 0
	}
	return result.Outcome.Answers
}

// ownerEvent watches for the result.
func (s *show) ownerEvent(_ *client.Room, ev client.Event) {
	if ev.Name != "interaction.closed" {
		return
	}
	var result room.InteractionResult
	if json.Unmarshal(ev.Data, &result) == nil && s.poll.closed != nil {
		select {
		case s.poll.closed <- result:
		default:
		}
	}
}
