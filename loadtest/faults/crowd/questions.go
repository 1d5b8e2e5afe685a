package crowd

import (
	"context"
	"math/rand/v2"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

func ask(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	_, _ = r.Ask(ctx, p.text(rng), rng.IntN(3) == 0)
}

// anyQuestion gives an open question that fits.
func anyQuestion(r *client.Room, rng *rand.Rand, fits func(room.Question) bool) (id string) {
	r.Read(func(m *room.Mirror) {
		seen := 0
		for _, q := range m.Questions.Items {
			if fits(q) {
				if seen++; rng.IntN(seen) == 0 {
					id = q.ID
				}
			}
		}
	})
	return id
}

func vote(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyQuestion(r, rng, func(q room.Question) bool { return q.State == room.QuestionPublic }); id != "" {
		_, _ = r.Vote(ctx, id, rng.IntN(4) > 0)
	}
}

func publish(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyQuestion(r, rng, func(q room.Question) bool { return q.State == room.QuestionWaiting }); id != "" {
		_, _ = r.PublishQuestion(ctx, id)
	}
}

func claimQuestion(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyQuestion(r, rng, func(room.Question) bool { return true }); id != "" {
		_, _ = r.ClaimQuestion(ctx, id, rng.IntN(3) > 0)
	}
}

func settleQuestion(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	id := anyQuestion(r, rng, func(room.Question) bool { return true })
	switch {
	case id == "":
	case rng.IntN(2) == 0:
		_, _ = r.AnswerQuestion(ctx, id, p.text(rng))
	default:
		_, _ = r.DismissQuestion(ctx, id, "another time")
	}
}

// poll brings a poll a step further: launches one if none runs, else closes
// one that has run for a while.
func poll(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	var running string
	r.Read(func(m *room.Mirror) {
		for _, i := range m.Interactions.Items {
			if i.State == room.InteractionRunning {
				running = i.ID
			}
		}
	})
	if running != "" {
		if pause(ctx, 4*time.Second) {
			_, _ = r.EndInteraction(ctx, running)
		}
		return
	}
	form := room.InteractionForm{Kind: room.InteractChoice, Question: p.text(rng), Options: []string{"one", "two", "three"}, Anonymous: rng.IntN(2) == 0, Results: room.ResultsLive}
	if made, err := r.Draft(ctx, form); err == nil {
		_, _ = r.Launch(ctx, made.ID, time.Time{})
	}
}

func answerPoll(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	var id string
	r.Read(func(m *room.Mirror) {
		for _, i := range m.Interactions.Items {
			if i.State == room.InteractionRunning {
				id = i.ID
			}
		}
	})
	if id != "" {
		_, _ = r.Answer(ctx, id, rng.IntN(3))
	}
}
