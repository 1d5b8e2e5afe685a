package hub

import (
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// 5,000 people answer at once through one hub, durably, each with a
// connection: as fast as it goes. The issue wants it within two seconds.
func BenchmarkFiveThousandAnswers(b *testing.B) {
	const people = 5000
	h, id, sessions := openStage(b, people)
	for b.Loop() {
		b.StopTimer()
		made, err := h.Do(b.Context(), id, manager, room.InteractionCreate{InteractionForm: yesNo(true)}, nil)
		if err != nil {
			b.Fatal(err)
		}
		poll := room.InteractionID(made.Events[0].Seq)
		if _, err := h.Do(b.Context(), id, manager, room.InteractionLaunch{ID: poll}, nil); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		began := time.Now()
		var all sync.WaitGroup
		for i, s := range sessions {
			all.Go(func() {
				s.Do(b.Context(), wire.Request{ID: uint32(i + 1), Key: room.Key(poll), Command: room.InteractionAnswer{ID: poll, Choices: []int{i % 2}}})
			})
		}
		all.Wait()
		b.ReportMetric(time.Since(began).Seconds(), "s/5000")
		b.StopTimer()
		state, err := h.State(b.Context(), id)
		if err != nil || state.Answers(poll) != people {
			b.Fatalf("%d have answered: %v", state.Answers(poll), err)
		}
		if _, err := h.Do(b.Context(), id, manager, room.InteractionClose{ID: poll}, nil); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// What a tally costs: three that run, encoded once for each class, and sent to
// 5,000 connections.
func BenchmarkTally(b *testing.B) {
	h, id, sessions := openStage(b, 5000)
	for range 3 {
		made, err := h.Do(b.Context(), id, manager, room.InteractionCreate{InteractionForm: yesNo(false)}, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := h.Do(b.Context(), id, manager, room.InteractionLaunch{ID: room.InteractionID(made.Events[0].Seq)}, nil); err != nil {
			b.Fatal(err)
		}
	}
	r, err := h.live(b.Context(), id, false)
	if err != nil {
		b.Fatal(err)
	}
	frame := len(r.tallies.encode(r.state.Load())[room.Audience])
	for b.Loop() {
		r.tallies.renew()
		r.tally(b.Context())
	}
	b.ReportMetric(float64(frame), "B/frame")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(sessions)), "ns/person")
}
