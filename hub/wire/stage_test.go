package wire_test

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// aloneStage adds a frame of everything about coming onto the stage, and of
// what moderators do with names and the waiting room.
func aloneStage(all frames) {
	open, most := "open", 5
	for i, c := range []struct {
		name string
		room.Command
	}{
		{"role.set for a time", room.SetRole{Participant: "p_wim", Role: "speaker", ForS: 600}},
		{"hand.page", room.HandPage{After: "p_wim", Limit: 20}},
		{"stage.offer", room.OfferStage{Participant: "p_wim", ForS: 600}},
		{"stage.withdraw", room.WithdrawOffer{Participant: "p_wim"}},
		{"stage.answer", room.AnswerOffer{Accept: true}},
		{"stage.leave", room.LeaveStage{}},
		{"participant.rename", room.RenamePerson{Participant: "p_wim", FirstName: "Wim", LastName: "the Second", Reason: "There is another one."}},
		{"admit.tell", room.TellKnocker{Participant: "p_ida", Text: "One moment, please."}},
		{"room.settings open stage", room.SetSettings{Hands: &open, HandsMost: &most}},
		{"people.page of some", room.PeoplePage{Only: []room.ParticipantID{"p_wim"}}},
	} {
		all.add(700+i, "client", "command "+c.name, encoded(uint32(i+1), c.Command))
	}
	stageReplies(all)
	stageEvents(all)
}

func stageReplies(all frames) {
	s, _ := moderated()
	ada := account("a_ada")
	lent := s.do(ada, room.SetRole{Participant: "p_vera", Role: "moderator", ForS: 600})[0]
	all.add(720, "server", "ok role.set for a time", ok(1, s.state.Reply(lent)))
	offered := s.do(ada, room.OfferStage{Participant: "p_wim", ForS: 600})[0]
	for i, name := range []string{"stage.offer", "stage.withdraw", "participant.rename", "admit.tell"} {
		all.add(721+i, "server", "ok "+name, ok(uint32(i+2), s.state.Reply(offered)))
	}
	all.add(725, "server", "ok hello lent", ok(1, s.welcome("snapshot")))
	s.do(guest("wim", room.Hash{}), room.HandRaise{})
	all.add(726, "server", "ok hand.page", ok(6, s.state.HandPage(room.HandPage{})))
	all.add(727, "server", "ok people.page of some", ok(7, s.state.Page(room.PeoplePage{Only: []room.ParticipantID{"p_wim", "p_vera"}})))
	taken := s.do(guest("wim", room.Hash{}), room.AnswerOffer{Accept: true})[0]
	all.add(728, "server", "ok stage.answer", ok(8, s.state.Reply(taken)))
	left := s.do(guest("wim", room.Hash{}), room.LeaveStage{})[0]
	all.add(729, "server", "ok stage.leave", ok(9, s.state.Reply(left)))
	all.add(730, "server", "signal waiting.order", wire.AppendSignal(nil, wire.SignalLineup, wire.Encode(s.state.Lineup())))
}

func stageEvents(all frames) {
	s, _ := moderated()
	ada, n, open := account("a_ada"), 740, "open"
	for _, c := range []struct {
		by room.Actor
		room.Command
	}{
		{ada, room.OfferStage{Participant: "p_wim", ForS: 600}},
		{ada, room.WithdrawOffer{Participant: "p_wim"}},
		{ada, room.RenamePerson{Participant: "p_wim", FirstName: "Wim", LastName: "the Second", Reason: "There is another one."}},
		{ada, room.TellKnocker{Participant: "p_ida", Text: "One moment, please."}},
		{ada, room.SetSettings{Hands: &open}},
		{ada, room.SetRole{Participant: "p_vera", Role: "speaker", ForS: 600}},
		{guest("wim", room.Hash{}), room.HandRaise{}},
		{ada, room.SetRole{Participant: "p_wim", Role: "viewer"}},
		{ada, room.HandClear{}},
	} {
		for _, e := range s.do(c.by, c.Command) {
			n = moderationEvent(all, n, e)
			if _, told := room.Own(e); told != nil {
				all.add(n, "server", "event "+told[0].Event+" stage", wire.AppendEvent(nil, told[0].Event, e.Seq, e.At, wire.Encode(told[0].Data)))
				n++
			}
		}
	}
	e := room.Event{Seq: 90, At: start, Participant: "p_ada"}
	e.Fact = room.HandsCleared{Who: room.Who{Participant: "p_ada", Name: "Ada Lind", Role: room.Owner}}
	moderationEvent(all, n, e)
}
