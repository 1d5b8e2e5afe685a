package hub

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

// sink is a connection that takes everything and keeps nothing.
type sink struct{ frames, bytes int }

func (s *sink) Send(frames []byte) error { s.frames++; s.bytes += len(frames); return nil }
func (s *sink) Close(int, string)        {}

// stage is an open room with people inside, on a real SQLite file.
func openStage(b *testing.B, people int) (*Hub, room.ID, []*Session) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "bench.db")})
	if err != nil {
		b.Fatal(err)
	}
	bus := local.New(0)
	h := New(Config{Store: s, Broker: bus, Instance: "bench", Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil)})
	b.Cleanup(func() {
		_ = h.Close(context.Background())
		_ = bus.Close()
		_ = s.Close()
	})
	const id = "bench"
	do := func(c room.Command) {
		if _, err := h.Do(b.Context(), id, manager, c, nil); err != nil {
			b.Fatal(err)
		}
	}
	do(room.CreateRoom{Title: "Bench", StartsAt: millis(time.Now().Add(time.Hour)), Collaboration: true, Epoch: "e",
		Owner: room.SetManager{Participant: "pOwner", Person: "owner", FirstName: "O", Right: room.Owner}})
	do(room.EditRoom{State: room.StatusOpen})
	sessions := make([]*Session, people)
	for i := range people {
		name := fmt.Sprint("guest", i)
		do(room.Invite{Invitation: room.InvitationID("i" + name), Participant: room.ParticipantID("p" + name), FirstName: name, LastName: "Test", Type: room.Viewer, Match: match(name)})
		by := room.Actor{Invitation: room.InvitationID("i" + name), Link: 1, Device: room.HashOf(name), Session: room.HashOf(name)}
		if _, err := h.Do(b.Context(), id, by, room.LobbyCheck{Email: name, Match: match(name)}, nil); err != nil {
			b.Fatal(err)
		}
		if sessions[i], err = h.Join(b.Context(), Join{Room: id, Actor: by, Conn: &sink{}, ReplyTo: 1}); err != nil {
			b.Fatal(err)
		}
	}
	return h, id, sessions
}

// BenchmarkFanout shows one message to everybody; one operation is one
// message, ns/delivery the cost of each person's share.
func BenchmarkFanout(b *testing.B) {
	for _, people := range []int{100, 2000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			h, id, _ := openStage(b, people)
			r, err := h.live(b.Context(), id, false)
			if err != nil {
				b.Fatal(err)
			}
			state, place := r.state.Load(), r.state.Load().Head
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				place++
				e := room.Event{Seq: place, At: 1, Fact: room.ChatPosted{Who: room.Who{Participant: "p", Name: "Ana", Role: room.Viewer}, Text: "A message of ordinary length, as people write them."}}
				r.show(&batch{deliveries: []*delivery{newDelivery(e, state)}, after: state}, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/delivery")
		})
	}
}

// BenchmarkJoin is a hello answered with a snapshot, and the leaving.
func BenchmarkJoin(b *testing.B) {
	h, id, sessions := openStage(b, 100)
	by := sessions[0].Actor()
	by.Claim = 0
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s, err := h.Join(b.Context(), Join{Room: id, Actor: by, Conn: &sink{}, ReplyTo: 1})
		if err != nil {
			b.Fatal(err)
		}
		s.Leave()
	}
}

// BenchmarkCommand is a message from the sender's side: judged, durable,
// answered.
func BenchmarkCommand(b *testing.B) {
	h, id, _ := openStage(b, 10)
	owner, err := h.Join(b.Context(), Join{Room: id, Actor: manager, Conn: &sink{}, ReplyTo: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		owner.commands.left = wire.CommandsBurst // the limit is not what is measured
		owner.Do(b.Context(), wire.Request{ID: uint32(i + 2), Key: room.Key(fmt.Sprint(i)), Command: room.ChatPost{Text: "hello"}})
	}
}
