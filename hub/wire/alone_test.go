package wire_test

import (
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// standAlone adds one frame of everything that there is, each for itself.
func standAlone(all frames) {
	aloneCommands(all)
	aloneReplies(all)
	aloneErrors(all)
	aloneEvents(all)
	aloneSignals(all)
	aloneModeration(all)
	aloneLife(all)
	aloneStage(all)
	aloneQuestions(all)
	aloneInteractions(all)
}

func aloneCommands(all frames) {
	off := false
	for i, c := range []struct {
		name string
		room.Command
	}{
		{"hello smallest", wire.Hello{Room: "r_7Qm2"}},
		{"hello resume", wire.Hello{Room: "r_7Qm2", Invitation: "i_vera", Client: "go/1.0", Takeover: true, Resume: &wire.Resume{Epoch: "e_4f1c", Pos: 1042}}},
		{"time", wire.Time{T0: 1795420000123}},
		{"lobby.check", room.LobbyCheck{Email: "vera@example.org"}},
		{"chat.post", room.ChatPost{Text: "Hello"}},
		{"chat.post reply", room.ChatPost{Text: "Hello back 👩🏽‍🚀", ReplyTo: "m8"}},
		{"chat.like", room.ChatLike{ID: "m8"}},
		{"chat.like off", room.ChatLike{ID: "m8", On: &off}},
		{"chat.delete", room.ChatDelete{ID: "m8"}},
		{"chat.page", room.ChatPage{}},
		{"chat.page before", room.ChatPage{Before: "m8", Limit: 20}},
		{"backchannel.post", room.BackchannelPost{Text: "Two minutes left", ReplyTo: "m9"}},
		{"backchannel.page", room.BackchannelPage{Before: "m9", Limit: 100}},
		{"people.page", room.PeoplePage{}},
		{"people.page search", room.PeoplePage{Query: "grü", Role: "viewer", After: "p_sam", Limit: 50}},
		{"role.set", room.SetRole{Participant: "p_vera", Role: "speaker"}},
		{"lobby.code", room.LobbyCode{Code: "493 027"}},
		{"chat.post mention", room.ChatPost{Text: "Thank you, @Ana!", Mentions: []room.Mention{{Participant: "p_ana", At: 11, N: 4}}}},
	} {
		all.add(100+i, "client", "command "+c.name, encoded(uint32(i+1), c.Command))
	}
	all.add(160, "client", "command invitations.look", encoded(60, wire.LookInvitations{Room: "r_7Qm2"}))
	all.add(190, "client", "pong alone", []byte(`{"pong":1795420000123}`))
	all.add(191, "server", "ping alone", []byte(`{"ping":1795420000123}`))
}

func aloneReplies(all frames) {
	s := inside()
	posted := s.do(s.vera, room.ChatPost{Text: "One"})[0]
	liked := s.do(account("a_ada"), room.ChatLike{ID: room.MessageID(posted.Seq)})[0]
	staff := s.do(account("a_ada"), room.BackchannelPost{Text: "Two"})[0]
	chat, _ := s.state.ChatPage(room.ChatPage{})
	behind, _ := s.state.BackchannelPage(room.BackchannelPage{})
	people := s.state.Page(room.PeoplePage{Limit: 2})
	people.Items[0].Here = true
	role := s.do(account("a_ada"), room.SetRole{Participant: "p_vera", Role: "speaker"})[0]
	deleted := s.do(s.vera, room.ChatDelete{ID: room.MessageID(posted.Seq)})[0]
	for i, r := range []struct {
		name string
		body any
	}{
		{"hello staff", s.welcome("snapshot")},
		{"hello resumed", s.welcome("resumed")},
		{"time", wire.Clock{T0: 1795420000123, T1: 1795420000130, T2: 1795420000131}},
		{"lobby.check countdown", map[string]any{"phase": room.PhaseCountdown, "pos": 12}},
		{"chat.post", s.state.Reply(posted)},
		{"chat.like", s.state.Reply(liked)},
		{"chat.like settled", s.state.Settled(room.ChatLike{ID: room.MessageID(posted.Seq)})},
		{"chat.delete", s.state.Reply(deleted)},
		{"chat.page", chat},
		{"backchannel.post", s.state.Reply(staff)},
		{"backchannel.page", behind},
		{"people.page", people},
		{"role.set", s.state.Reply(role)},
		{"lobby.check wants a code", map[string]any{"phase": room.PhaseLobby, "pos": 31, "verify": room.ProofCode, "again_ms": 60_000}},
		{"lobby.code", map[string]any{"phase": room.PhaseLive, "pos": 32}},
	} {
		all.add(200+i, "server", "ok "+r.name, ok(uint32(i+1), r.body))
	}
	all.add(260, "server", "ok invitations.look", ok(60, wire.Looking{Pos: 12, Now: 1795420000123}))
	all.add(290, "server", "ok chat.post again", wire.AppendOK(nil, 17, wire.Encode(s.state.Reply(posted)), true))
}

func aloneErrors(all frames) {
	for i, code := range room.Codes() {
		r := &room.Refusal{Code: code, Message: "One plain English sentence."}
		switch code {
		case room.CodeInvalid:
			r.Fields = map[string]string{"text": "is required"}
		case room.CodeLobbyNoMatch:
			r.TriesLeft = 3
		case room.CodeSlowDown, room.CodeBusy, room.CodeUnavailable:
			r.Retry = 1500 * time.Millisecond
		case room.CodeLobbyLocked:
			r.Retry = 14 * time.Minute
		case room.CodeOtherDevice:
			r.SinceAt = start - 60_000
		case room.CodeInvitationExpired:
			r.At = start
		case room.CodeInvitationRevoked, room.CodeOver, room.CodeRoomDeleted:
			r.At, r.Reason = start, "The hall is flooded."
		}
		all.add(300+i, "server", "err "+string(code), no(7, r))
	}
	all.add(350, "server", "err lobby_no_match last", no(7, &room.Refusal{Code: room.CodeLobbyNoMatch, Message: "One plain English sentence."}))
}

// inside is the story's room with everybody in it.
func inside() *teller {
	_, s := seeded()
	s.now = at(start)
	s.do(room.Actor{System: true}, room.OpenDue{})
	for _, id := range []string{"max", "sam", "vera", "wim"} {
		s.do(guest(id, room.Hash{}), room.LobbyCheck{Email: id + "@example.org", Match: address(id)})
	}
	s.do(account("a_ada"), room.Enter{})
	return s
}

func aloneEvents(all frames) {
	n := 400
	add := func(name string, objects ...[]byte) {
		all.add(n, "server", "event "+name, objects...)
		n++
	}
	_, early := seeded()
	e := early.do(early.vera, room.LobbyCheck{Email: "vera@example.org", Match: address("vera")})[0]
	add("phase.changed countdown confirmed", event("phase.changed", e, room.PhaseChanged{Phase: early.phase(), You: early.you(), Snapshot: early.snapshot()}))
	openEnd := room.Millis(0)
	add("room.scheduled open end", early.shown(early.do(account("a_ada"), room.EditRoom{EndsAt: &openEnd})[0]))
	early.now = at(start)
	e = early.do(room.Actor{System: true}, room.OpenDue{Waiting: 20_000})[0]
	add("room.opened with spread", early.shown(e))
	add("phase.changed live", event("phase.changed", e, room.PhaseChanged{Phase: early.phase(), You: early.you(), Snapshot: early.snapshot()}))

	s := inside()
	add("stage.changed promotion", s.shown(s.do(account("a_ada"), room.SetRole{Participant: "p_wim", Role: "speaker"})[0]))
	add("stage.changed back", s.shown(s.do(account("a_ada"), room.SetRole{Participant: "p_wim", Role: "viewer"})[0]))
	add("stage.changed manager", s.shown(s.do(account("a_eva"), room.Enter{})[0]))
	add("stage.changed right", s.shown(s.do(account("a_ada"), room.SetManager{Person: "a_eva", Right: room.CoOwner})[0]))
	add("stage.changed manager removed", s.shown(s.do(account("a_ada"), room.RemoveManager{Person: "a_eva"})[0]))
	add("stage.changed revoked", s.shown(s.do(account("a_ada"), room.RevokeInvitation{Invitation: "i_max", Reason: "Not yours."})[0]))
	add("stage.changed freed", s.shown(s.do(account("a_ada"), room.FreeDevices{Invitation: "i_sam"})[0]))
	posted := s.do(s.vera, room.ChatPost{Text: "One"})[0]
	add("chat.posted", s.shown(posted))
	off := false
	s.do(s.vera, room.ChatLike{ID: room.MessageID(posted.Seq)})
	add("chat.liked taken back", s.shown(s.do(s.vera, room.ChatLike{ID: room.MessageID(posted.Seq), On: &off})[0]))
	add("chat.deleted", s.shown(s.do(account("a_ada"), room.ChatDelete{ID: room.MessageID(posted.Seq)})[0]))
	e = s.do(account("a_ada"), room.RevokeInvitation{Invitation: "i_wim", Reason: "Wrong room."})[0]
	add("me.revoked", event("me.revoked", e, room.MeRevoked{Reason: "Wrong room."}))
	add("me.removed", event("me.removed", e, room.MeRemoved{}))
	add("me.role manager", event("me.role", e, room.MeRole{Role: "manager", Right: "co-owner", Rights: room.CoOwner.Rights(), By: room.WhoView{Name: "Ada Lind"},
		You: room.You{Participant: "p_eva", Name: "Eva Roth", FirstName: "Eva", Role: "manager", Right: "co-owner", Rights: room.CoOwner.Rights(), Confirmed: true}, Snapshot: s.snapshot()}))
	add("room.closed", s.shown(s.do(account("a_ada"), room.EditRoom{State: room.StatusClosed})[0]))
	add("room.opened again", s.shown(s.do(account("a_ada"), room.EditRoom{State: room.StatusOpen})[0]))
	e = s.do(account("a_ada"), room.DeleteRoom{Reason: "Moved to May."})[0]
	add("room.deleted", s.shown(e), event("phase.changed", e, room.PhaseChanged{Phase: s.phase(), You: s.you(), Snapshot: s.snapshot()}))
	s = inside()
	add("person.erased", s.shown(s.do(room.Actor{System: true}, room.ErasePerson{Invitations: []room.InvitationID{"i_max"}})[0]))
	s.do(account("a_ada"), room.EditRoom{State: room.StatusClosed})
	add("content.forgotten", event("content.forgotten", s.do(room.Actor{System: true}, room.ForgetContent{EndedBefore: start * 2})[0], struct{}{}))
	s = inside()
	s.do(account("a_ada"), room.RevokeInvitation{Invitation: "i_wim"})
	e = s.do(guest("wim", room.Hash{}), room.RequestLink{Message: "I am on the list, am I not?"})[0]
	add("invitation.requested", event("invitation.requested", e, room.Show(e, room.Managers)[0].Data))
}

func aloneSignals(all frames) {
	for i, g := range []struct {
		name string
		data any
	}{
		{wire.SignalCountdown, wire.Countdown{StartsAt: start, Now: start - 10_000}},
		{wire.SignalPeopleCount, room.Count{Inside: 1204, Waiting: 31, ByRole: map[string]int{"viewer": 1198, "speaker": 3, "moderator": 2, "manager": 1}}},
		{wire.SignalStageHere, wire.StageHere{Participants: []room.ParticipantID{}}},
		{wire.SignalDrain, wire.Drain{AfterMS: 4200}},
		{wire.SignalDegraded, wire.Degraded{On: true}},
	} {
		all.add(500+i, "server", "signal "+g.name, signal(g.name, g.data))
	}
	all.add(506, "server", "signal degraded staff", signal(wire.SignalDegraded, wire.Degraded{On: true, Store: true, Staff: true}))
	all.add(520, "server", "signal invitations.changed", signal(wire.SignalInvitationsChanged, wire.InvitationsChanged{IDs: []room.InvitationID{"i_vera", "i_wim"}}))
	all.add(521, "server", "signal invitations.changed all", signal(wire.SignalInvitationsChanged, wire.InvitationsChanged{IDs: []room.InvitationID{}, All: true}))
	all.add(530, "server", "signal site", signal(wire.SignalSite, room.SiteView{Name: "Tea rooms", Theme: room.Theme{"accent": "light-dark(#0a5c8f, #8fc8ff)"}, Invitations: true}))
	all.add(510, "server", "signal people.count waiting", signal(wire.SignalPeopleCount, wire.PeopleWaiting{Waiting: 800}))
}
