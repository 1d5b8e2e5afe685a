package wire_test

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// aloneInteractions adds everything that is said about interactions.
func aloneInteractions(all frames) {
	right := 1
	quiz := room.InteractionForm{Kind: room.InteractQuiz, Question: "Which gauge is wider?", Options: []string{"Metre", "Standard", "Narrow"}, Results: room.ResultsClosed, Correct: &right, Points: 2, Seconds: 60}
	mood := room.InteractionForm{Kind: room.InteractRating, Question: "How was it?", Scale: 5, Anonymous: true, Results: room.ResultsLive}
	cloud := room.InteractionForm{Kind: room.InteractWords, Question: "In a word?", Most: 3}
	why := room.InteractionForm{Kind: room.InteractOpen, Question: "What did we miss?"}
	for i, c := range []struct {
		name string
		room.Command
	}{
		{"interaction.create", room.InteractionCreate{InteractionForm: quiz}},
		{"interaction.create smallest", room.InteractionCreate{InteractionForm: cloud}},
		{"interaction.revise", room.InteractionRevise{ID: "i1c", InteractionForm: mood}},
		{"interaction.remove", room.InteractionRemove{ID: "i1c"}},
		{"interaction.launch", room.InteractionLaunch{ID: "i1c", EndsAt: start + 90_000}},
		{"interaction.answer", room.InteractionAnswer{ID: "i1c", Choices: []int{0, 2}}},
		{"interaction.answer words", room.InteractionAnswer{ID: "i1c", Words: []string{"Schienen", "quiet"}}},
		{"interaction.answer text", room.InteractionAnswer{ID: "i1c", Text: "Sleeping cars"}},
		{"interaction.close", room.InteractionClose{ID: "i1c"}},
		{"interaction.share", room.InteractionShare{ID: "i1c", Results: room.ResultsHidden}},
		{"interaction.show", room.InteractionShow{ID: "i1c", Text: "Sleeping cars", Participant: "p_wim"}},
		{"interaction.page", room.InteractionPage{Before: "i1c", Limit: 20}},
		{"interaction.answers", room.InteractionAnswers{ID: "i1c", After: "i2b", Limit: 20}},
	} {
		all.add(800+i, "client", "command "+c.name, encoded(uint32(i+1), c.Command))
	}
	interactionStory(all, quiz, mood, cloud, why)
}

// interactionStory runs a quiz, a rating and an open question to their ends.
func interactionStory(all frames, quiz, mood, cloud, why room.InteractionForm) {
	s, ada, number := inside(), account("a_ada"), 820
	say := func(name string, objects ...[]byte) {
		all.add(number, "server", name, objects...)
		number++
	}
	tell := func(name string, to room.Class, events ...room.Event) {
		for i, e := range events {
			for _, shown := range room.Show(e, to) {
				if i == len(events)-1 {
					say("event "+shown.Event+name, event(shown.Event, e, shown.Data))
				}
			}
		}
	}
	draft := func(f room.InteractionForm) (room.Event, string) {
		e := s.do(ada, room.InteractionCreate{InteractionForm: f})[0]
		return e, room.InteractionID(e.Seq)
	}
	created, id := draft(why)
	say("ok interaction.create", ok(1, s.state.Reply(created)))
	tell("", room.Moderators, created)
	revised := s.do(ada, room.InteractionRevise{ID: id, InteractionForm: quiz})[0]
	say("ok interaction.revise", ok(1, s.state.Reply(revised)))
	tell("", room.Managers, revised)
	launched := s.do(ada, room.InteractionLaunch{ID: id})[0]
	say("ok interaction.launch", ok(1, s.state.Reply(launched)))
	tell("", room.Audience, launched)
	answered := s.do(s.vera, room.InteractionAnswer{ID: id, Choices: []int{1}})[0]
	say("ok interaction.answer", ok(1, s.state.Reply(answered)))
	say("signal interaction.mine", signal(wire.SignalMine, s.state.MyAnswer(s.person(), id)))
	_, moody := draft(mood)
	s.do(ada, room.InteractionLaunch{ID: moody})
	s.do(s.vera, room.InteractionAnswer{ID: moody, Choices: []int{4}})
	say("signal interaction.tally", signal(wire.SignalTally, s.state.Tallies(room.Audience, map[string]room.Counted{moody: {{Text: "4", N: 5}, {Text: "0", N: 1}}})))
	closed := s.do(ada, room.InteractionClose{ID: id})
	say("ok interaction.close", ok(1, s.state.Reply(closed[0])))
	tell("", room.Audience, closed[0])
	tell("", room.Audience, closed...)
	shared := s.do(ada, room.InteractionShare{ID: id, Results: room.ResultsHidden})[0]
	say("ok interaction.share", ok(1, s.state.Reply(shared)))
	tell(" hidden", room.Audience, shared)
	tell(" again", room.Audience, s.do(ada, room.InteractionShare{ID: id, Results: room.ResultsLive})[0])
	s.do(ada, room.InteractionClose{ID: moody})
	tell(" rating", room.Audience, s.do(room.Actor{System: true}, room.InteractionCount{ID: moody, Counts: room.Counted{{Text: "4", N: 1}}})...)
	_, words := draft(cloud)
	s.do(ada, room.InteractionLaunch{ID: words})
	s.do(s.vera, room.InteractionAnswer{ID: words, Words: []string{"quiet"}})
	s.do(ada, room.InteractionClose{ID: words})
	tell(" words", room.Audience, s.do(room.Actor{System: true}, room.InteractionCount{ID: words, Counts: room.Counted{{Text: "quiet", N: 2}, {Text: "rails", N: 1}}})...)
	_, asked := draft(why)
	s.do(ada, room.InteractionLaunch{ID: asked})
	text := s.do(s.vera, room.InteractionAnswer{ID: asked, Text: "Sleeping cars"})
	page := s.state.AnswersFromLog(room.InteractionAnswers{ID: asked}, text)
	say("ok interaction.answers", ok(1, page))
	shown := s.do(ada, room.InteractionShow{ID: asked, Text: "Sleeping cars", Participant: "p_vera"})[0]
	say("ok interaction.show", ok(1, s.state.Reply(shown)))
	tell("", room.Audience, shown)
	say("ok interaction.page", ok(1, s.state.InteractionPage(s.person(), room.PhaseLive, room.InteractionPage{})))
	say("ok hello interactions", ok(1, s.welcome("snapshot")))
	removed := s.do(ada, room.InteractionRemove{ID: moody})[0]
	say("ok interaction.remove", ok(1, s.state.Reply(removed)))
	tell("", room.Audience, removed)
}
