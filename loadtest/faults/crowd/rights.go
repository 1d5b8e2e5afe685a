package crowd

import (
	"context"
	"math/rand/v2"
	"time"

	"greenroom/hub/room"
)

// playRights makes a speaker a viewer and back. Right behind each answer they
// try what only staff may, as nobody would who has seen the news, and staff
// talks on among themselves (R1, R3, R4, R7).
func playRights(ctx context.Context, p *Person, rng *rand.Rand) error {
	owner := p.house.owner
	for n := range 6 {
		for range 2 {
			patient(func(ctx context.Context) { _, _ = p.room().Backchannel(ctx, p.text(rng)) })
			patient(func(ctx context.Context) { _, _ = owner.room().Backchannel(ctx, owner.text(rng)) })
			patient(func(ctx context.Context) { _, _ = p.room().BackchannelPage(ctx, "", 5) })
		}
		to := []room.Role{room.Viewer, room.Speaker}[n%2]
		patient(func(ctx context.Context) { _, _ = owner.room().SetRole(ctx, p.participant(), to) })
	}
	return nil
}

// playPoll asks for a choice and has some change their minds before it ends
// (P1).
func playPoll(ctx context.Context, p *Person, rng *rand.Rand) error {
	owner := p.house.owner
	form := room.InteractionForm{Kind: room.InteractChoice, Question: p.text(rng), Options: []string{"one", "two", "three"}, Results: room.ResultsLive}
	made, err := p.room().Draft(ctx, form)
	if err != nil {
		return err
	}
	if _, err := p.room().Launch(ctx, made.ID, time.Time{}); err != nil {
		return err
	}
	for choice := range 3 {
		patient(func(ctx context.Context) { _, _ = p.room().Answer(ctx, made.ID, choice) })
		patient(func(ctx context.Context) { _, _ = owner.room().Answer(ctx, made.ID, 2-choice) })
	}
	_, err = p.room().EndInteraction(ctx, made.ID)
	return err
}
