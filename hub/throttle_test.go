package hub

import (
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// However many tabs somebody has open, they write and react as one person.
func TestTabsShareOneVoice(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		tabs := []*guest{w.enter(0, by)}
		wantOK(t, tabs[0].lobby("ana"))
		for range wire.Connections - 1 {
			tabs = append(tabs, w.enter(0, by))
		}
		time.Sleep(time.Minute)
		for _, c := range []struct {
			command room.Command
			most    int
		}{{room.ReactionSend{Emoji: "👏"}, wire.ReactionsBurst}, {room.ChatPost{Text: "hello"}, wire.ChatBurst}} {
			done := 0
			for range 2 {
				for _, tab := range tabs {
					if tab.do(c.command).Err == nil {
						done++
					}
				}
			}
			if done != c.most {
				t.Errorf("%s: %d at once by %d tabs, want %d", c.command.Name(), done, len(tabs), c.most)
			}
		}
	})
}

// On an open stage a raised hand takes it: nobody comes and goes all the time.
func TestNobodyFlickersOnTheStage(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		open := "open"
		wantOK(t, w.enter(0, manager).do(room.SetSettings{Hands: &open}))
		ana := w.enter(0, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		time.Sleep(time.Minute)
		came := 0
		for range 3 * wire.ChatBurst {
			if ana.do(room.HandRaise{}).Err == nil {
				came++
				wantOK(t, ana.do(room.LeaveStage{}))
			}
		}
		if came != wire.ChatBurst {
			t.Errorf("came onto the stage %d times at a stroke, want %d", came, wire.ChatBurst)
		}
	})
}
