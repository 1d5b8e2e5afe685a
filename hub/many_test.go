package hub

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"greenroom/hub/room"
)

// invitees are asks that invite so many people; every tenth has no name.
func invitees(n int) (asks []Ask) {
	for i := range n {
		name := fmt.Sprint("Guest ", i)
		if i%10 == 9 {
			name = ""
		}
		asks = append(asks, Ask{Command: room.Invite{Invitation: room.InvitationID(fmt.Sprint("i", i)), Participant: room.ParticipantID(fmt.Sprint("p", i)),
			FirstName: name, LastName: "X", Type: room.Viewer, Match: room.HashOf(fmt.Sprint("guest", i))}})
	}
	return asks
}

// Many commands share few commits, a refusal stops none of the others, and
// the same again is so already.
func TestManyCommandsAtOnce(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Hour)
		asks := invitees(1500)
		weighed, err := w.hubs[1].Weigh(w.t.Context(), w.room, manager, []room.Command{asks[0].Command, asks[9].Command})
		if err != nil || weighed[0] != nil || !errors.Is(weighed[1], room.CodeInvalid) {
			t.Errorf("weighed: %v, %v", weighed, err)
		}
		told, state := w.hubs[0].DoAll(w.t.Context(), w.room, manager, asks)
		for i, one := range told {
			if i%10 == 9 != errors.Is(one.Err, room.CodeInvalid) || i%10 != 9 && len(one.Events) != 1 {
				t.Fatalf("ask %d: %+v", i, one)
			}
		}
		if n := state.Invitations(); n != 1350 {
			t.Errorf("%d are invited", n)
		}
		again, _ := w.hubs[1].DoAll(w.t.Context(), w.room, manager, asks)
		for i, one := range again {
			if len(one.Events) != 0 {
				t.Fatalf("ask %d once more: %+v", i, one)
			}
		}
	})
}

// What a caller who leaves did not reach says so.
func TestManyCommandsOfSomebodyWhoLeaves(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Hour)
		gone, leave := context.WithCancel(w.t.Context())
		leave()
		told, _ := w.hubs[0].DoAll(gone, w.room, manager, invitees(700))
		for i, one := range told {
			if one.Err == nil && len(one.Events) != 1 || one.Err != nil && !errors.Is(one.Err, context.Canceled) && !errors.Is(one.Err, room.CodeInvalid) {
				t.Fatalf("ask %d: %+v", i, one)
			}
		}
		if len(told) != 700 || told[699].Err == nil {
			t.Errorf("%d are told, the last %+v", len(told), told[len(told)-1])
		}
		none, state := w.hubs[0].DoAll(w.t.Context(), "nowhere", manager, invitees(3))
		if state != nil || len(none) != 3 || !errors.Is(none[2].Err, room.CodeNotFound) {
			t.Errorf("in no room: %+v", none)
		}
	})
}
