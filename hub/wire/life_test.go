package wire_test

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// aloneLife adds a frame of what interrupts a session and brings it on.
func aloneLife(all frames) {
	for i, c := range []struct {
		name string
		room.Command
	}{
		{"room.pause", room.PauseRoom{Message: "Back at three."}},
		{"room.resume", room.ResumeRoom{Countdown: true}},
		{"room.go_live", room.GoLive{}},
		{"room.go_live_cancel", room.CancelGoLive{}},
	} {
		all.add(700+i, "client", "command "+c.name, encoded(uint32(i+1), c.Command))
		all.add(710+i, "server", "ok "+c.name, ok(uint32(i+1), map[string]any{"pos": 31}))
	}
	lifeEvents(all)
}

func lifeEvents(all frames) {
	s := inside()
	max := guest("max", room.Hash{})
	e := s.do(max, room.PauseRoom{Message: "Back at three."})[0]
	all.add(720, "server", "event room.paused", s.shown(e))
	all.add(721, "server", "event room.going_live", s.shown(s.do(max, room.GoLive{})[0]))
	all.add(722, "server", "ok hello paused", ok(1, s.welcome("snapshot")))
	all.add(723, "server", "event room.go_live_cancelled", s.shown(s.do(max, room.CancelGoLive{})[0]))
	all.add(724, "server", "event room.resumed", s.shown(s.do(max, room.ResumeRoom{})[0]))
	going := room.GoingLive{Who: room.Who{Participant: "p_max", Name: "Max Berg", Role: room.Moderator}, LiveAt: start - 60_000}
	for _, told := range room.Show(room.Event{Seq: 30, At: start - 70_000, Fact: going}, room.Waiting) {
		all.add(725, "server", "event room.going_live waiting", wire.AppendEvent(nil, told.Event, 30, start-70_000, wire.Encode(told.Data)))
	}
	e = room.Event{Seq: 40, At: start}
	for i, f := range []room.Fact{room.Unattended{Then: room.AbsenceEnds, At: start + 300_000}, room.HostsBack{Warned: true}} {
		e.Fact = f
		told := room.Show(e, room.Audience)[0]
		all.add(730+i, "server", "event "+told.Event, event(told.Event, e, told.Data))
	}
}
