package hub

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func (w *world) order(h int, by room.Actor, c room.Command) error {
	_, err := w.hubs[h].Do(w.t.Context(), w.room, by, c, nil)
	return err
}

// A move at one hub ends the sockets at the other, and what they ask in that
// moment is judged by its place in the log (D2, D3).
func TestMoveOverHubs(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		vera := w.invite("Vera", room.Viewer)
		time.Sleep(2 * time.Minute)
		tabs := []*guest{w.enter(0, vera), w.enter(0, vera)}
		wantOK(t, tabs[0].lobby("Vera"))
		phone := vera
		phone.Device, phone.Session = room.HashOf("phone"), room.HashOf("phone session")
		if _, err := w.join(1, phone, nil); !errors.Is(err, room.CodeOtherDevice) {
			t.Fatal(err)
		}
		code := room.HashOf("123456")
		if err := errors.Join(w.order(1, phone, room.SendCode{Code: code}), w.order(1, phone, room.MoveDevice{Code: code})); err != nil {
			t.Fatal(err)
		}
		moved := w.enter(1, phone)
		if m, answered := tabs[0].try(room.ChatPost{Text: "from the old device"}); answered && m.Err == nil {
			t.Error("D2: the old device was heard")
		}
		synctest.Wait()
		for i, tab := range tabs {
			if got := tab.closeCode(); got != int(wire.CloseDisplaced) && got != int(wire.CloseOtherDevice) {
				t.Errorf("tab %d was closed with %d", i, got)
			}
		}
		wantOK(t, moved.do(room.ChatPost{Text: "from the new one"}))
		if _, err := w.join(0, vera, nil); !errors.Is(err, room.CodeOtherDevice) {
			t.Errorf("D3: %v", err)
		}
	})
}

// Of many devices that move at once over two hubs, each with its own code or by
// account, the last one in the log has the link and no other (D2, D5).
func TestMovesRace(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		vera := w.invite("Vera", room.Viewer)
		time.Sleep(2 * time.Minute)
		first := w.enter(0, vera)
		wantOK(t, first.lobby("Vera"))
		const many = 40
		devices := make([]room.Actor, many)
		var wg sync.WaitGroup
		for i := range devices {
			by := vera
			by.Device, by.Verified = room.HashOf(fmt.Sprint("device ", i)), match("Vera")
			devices[i] = by
			wg.Go(func() {
				if err := w.order(i%2, by, room.MoveDevice{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		state, err := w.hubs[1].State(w.t.Context(), w.room)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := state.Participant("pVera")
		if len(p.Claims) != 1 || p.Generation != many+1 {
			t.Fatalf("%d claims, generation %d", len(p.Claims), p.Generation)
		}
		in := 0
		for i, by := range devices {
			g, err := w.join(i%2, by, nil)
			if err == nil {
				in++
				wantOK(t, g.do(room.ChatPost{Text: "the one"}))
			} else if !errors.Is(err, room.CodeOtherDevice) {
				t.Error(err)
			}
		}
		if in != 1 || first.closeCode() != int(wire.CloseDisplaced) {
			t.Errorf("%d devices are in, the first was closed with %d", in, first.closeCode())
		}
	})
}

// One code, sent to one device, opens once: typed in many tabs at once over
// two hubs it makes one claim, and wrong ones are counted together.
func TestCodeRaces(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		vera := w.invite("Vera", room.Viewer)
		phone := vera
		phone.Device = room.HashOf("phone")
		code := room.HashOf("123456")
		if err := w.order(0, phone, room.SendCode{Code: code}); err != nil {
			t.Fatal(err)
		}
		tries := make([]error, 60)
		var wg sync.WaitGroup
		for i := range tries {
			wg.Go(func() { tries[i] = w.order(i%2, phone, room.MoveDevice{Code: room.HashOf(fmt.Sprint(i))}) })
		}
		wg.Wait()
		for _, err := range tries {
			if !errors.Is(err, room.CodeLobbyNoMatch) {
				t.Error(err)
			}
		}
		if missed := w.count("invitation.code_missed"); missed != 5 {
			t.Errorf("B1: %d codes were judged", missed)
		}
		if err := w.order(1, phone, room.MoveDevice{Code: code}); !errors.Is(err, room.CodeLobbyNoMatch) {
			t.Errorf("a dead code: %v", err)
		}
	})
}

func (w *world) count(kind string) (n int) {
	for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Fact.Kind() == kind {
			n++
		}
	}
	return n
}

// Managers inside are told who asks for a way in; moderators are not.
func TestRequestIsTold(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		vera, mod := w.invite("Vera", room.Viewer), w.invite("Mod", room.Moderator)
		time.Sleep(2 * time.Minute)
		owner, moderator := w.enter(0, room.Actor{Account: "owner"}), w.enter(0, mod)
		wantOK(t, moderator.lobby("Mod"))
		w.must(w.hubs[1].Do(w.t.Context(), w.room, manager, room.RevokeInvitation{Invitation: "iVera"}, nil))
		if err := w.order(1, vera, room.RequestLink{Message: "May I?"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if data := owner.last("invitation.requested"); data["why"] != "invitation_revoked" || data["message"] != "May I?" || data["name"] != "Vera Test" {
			t.Errorf("the owner was told %v", data)
		}
		if told := moderator.events("invitation."); told != nil {
			t.Errorf("the moderator was told %v", told)
		}
	})
}
