package wire_test

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// aloneQuestions has what there is of questions, hands and reactions.
func aloneQuestions(all frames) {
	questionCommands(all)
	questionReplies(all)
	questionEvents(all)
	all.add(650, "server", "signal question.votes", signal(wire.SignalVotes, wire.Votes{Votes: map[string]int{"qb": 27, "qc": 0}}))
	all.add(651, "server", "signal reactions", signal(wire.SignalReactions, wire.Reactions{Counts: map[string]int{"👍": 1}}))
}

func questionCommands(all frames) {
	off := false
	for i, c := range []room.Command{
		room.QuestionAsk{Text: "Who pays?", Anonymous: true}, room.QuestionVote{ID: "qb", On: &off}, room.QuestionPublish{ID: "qb"},
		room.QuestionClaim{ID: "qb"}, room.QuestionAnswer{ID: "qb", Text: "Nobody."}, room.QuestionDismiss{ID: "qb", Reason: "Asked twice"},
		room.QuestionPage{State: room.QuestionDone, Sort: "time", After: "qb", Limit: 20},
		room.HandRaise{}, room.HandLower{Participant: "p_vera", Reason: "No time left"}, room.HandClear{}, room.ReactionSend{Emoji: "👏"},
	} {
		all.add(600+i, "client", "command "+c.Name(), encoded(uint32(i+1), c))
	}
	all.add(612, "client", "command question.answer live", encoded(13, room.QuestionAnswer{ID: "qb", Live: true}))
	all.add(613, "client", "command question.page", encoded(14, room.QuestionPage{}))
	all.add(614, "client", "command hand.lower own", encoded(15, room.HandLower{}))
}

func questionReplies(all frames) {
	s := inside()
	wim, owner := guest("wim", room.Hash{}), account("a_ada")
	asked := s.do(wim, room.QuestionAsk{Text: "Who pays?", Anonymous: true})[0]
	id := room.QuestionID(asked.Seq)
	published := s.do(owner, room.QuestionPublish{ID: id})[0]
	vote := s.do(s.vera, room.QuestionVote{ID: id})[0]
	claimed := s.do(owner, room.QuestionClaim{ID: id})[0]
	raised := s.do(wim, room.HandRaise{})[0]
	s.do(s.vera, room.HandRaise{})
	all.add(620, "server", "ok hello with questions and hands", ok(1, s.welcome("snapshot")))
	open := s.state.QuestionPage(room.QuestionPage{}, room.Owner)
	lowered := s.do(owner, room.HandLower{Participant: "p_wim"})[0]
	cleared := s.do(owner, room.HandClear{})[0]
	answered := s.do(owner, room.QuestionAnswer{ID: id, Text: "Nobody."})[0]
	dismissed := s.do(owner, room.QuestionDismiss{ID: room.QuestionID(s.do(wim, room.QuestionAsk{Text: "Again?"})[0].Seq), Reason: "Asked twice"})[0]
	for i, r := range []struct {
		name string
		body any
	}{
		{"question.ask", s.state.Reply(asked)}, {"question.publish", s.state.Reply(published)}, {"question.vote", s.state.Reply(vote)}, {"question.claim", s.state.Reply(claimed)},
		{"question.answer", s.state.Reply(answered)}, {"question.dismiss", s.state.Reply(dismissed)}, {"question.page", open},
		{"question.page answered", s.state.QuestionPage(room.QuestionPage{State: room.QuestionDone}, room.Viewer)},
		{"question.page dismissed", s.state.QuestionPage(room.QuestionPage{State: room.QuestionDropped}, room.Speaker)},
		{"hand.raise", s.state.Reply(raised)}, {"hand.lower", s.state.Reply(lowered)}, {"hand.clear", s.state.Reply(cleared)}, {"reaction.send", struct{}{}},
	} {
		all.add(621+i, "server", "ok "+r.name, ok(uint32(i+1), r.body))
	}
}

func questionEvents(all frames) {
	s := inside()
	wim, owner := guest("wim", room.Hash{}), account("a_ada")
	n := 640
	add := func(name string, e room.Event, to room.Class) {
		objects := [][]byte{}
		for _, shown := range room.Show(e, to) {
			objects = append(objects, event(shown.Event, e, shown.Data))
		}
		all.add(n, "server", "event "+name, objects...)
		n++
	}
	asked := s.do(wim, room.QuestionAsk{Text: "Who pays?", Anonymous: true})[0]
	id := room.QuestionID(asked.Seq)
	add("question.asked anonymous", asked, room.Staff)
	published := s.do(owner, room.QuestionPublish{ID: id})[0]
	add("question.published to staff", published, room.Staff)
	s.do(owner, room.QuestionClaim{ID: id})
	off := false
	add("question.claimed given back", s.do(owner, room.QuestionClaim{ID: id, On: &off})[0], room.Staff)
	dismissed := s.do(owner, room.QuestionDismiss{ID: id, Reason: "Asked twice"})[0]
	add("question.dismissed to viewers", dismissed, room.Audience)
	_, own := room.Own(dismissed)
	all.add(n, "server", "event me.question dismissed", event(own[0].Event, dismissed, own[0].Data))
	n++
	s.do(wim, room.HandRaise{})
	lowered := s.do(owner, room.HandLower{Participant: "p_wim", Reason: "No time left"})[0]
	add("hand.lowered declined", lowered, room.Staff)
	_, own = room.Own(lowered)
	all.add(n, "server", "event me.hand declined", event(own[0].Event, lowered, own[0].Data))
	n++
	s.do(wim, room.QuestionAsk{Text: "Who pays?", Anonymous: true})
	erased := s.do(room.Actor{System: true}, room.ErasePerson{Invitations: []room.InvitationID{"i_wim"}})[0]
	add("person.erased with questions", erased, room.Staff)
	asked = s.do(guest("vera", room.Hash{}), room.QuestionAsk{Text: "Who comes?"})[0]
	id = room.QuestionID(asked.Seq)
	s.do(owner, room.QuestionClaim{ID: id})
	add("question.published taken", s.do(owner, room.QuestionPublish{ID: id})[0], room.Staff)
}
