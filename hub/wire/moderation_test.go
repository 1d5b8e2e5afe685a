package wire_test

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// aloneModeration adds a frame of everything that moderators do.
func aloneModeration(all frames) {
	moderationCommands(all)
	moderationReplies(all)
	moderationEvents(all)
}

func moderationCommands(all frames) {
	slow, locked, off := 30, true, false
	for i, c := range []struct {
		name string
		room.Command
	}{
		{"participant.mute", room.MutePerson{Participant: "p_wim", Reason: "Off topic."}},
		{"participant.unmute", room.UnmutePerson{Participant: "p_wim"}},
		{"participant.remove", room.RemovePerson{Participant: "p_wim"}},
		{"participant.ban", room.BanPerson{Participant: "p_wim", By: room.BanAddress, Reason: "Spam"}},
		{"participant.unban", room.UnbanPerson{Participant: "p_wim"}},
		{"moderation.page", room.ModerationPage{}},
		{"chat.report", room.ReportMessage{ID: "m8", Reason: "Rude"}},
		{"report.settle", room.SettleReport{ID: "m8"}},
		{"chat.clear", room.ClearChat{}},
		{"room.settings", room.SetSettings{SlowModeS: &slow, Locked: &locked}},
		{"room.settings chat off", room.SetSettings{Chat: &off, Filter: &room.Filter{Words: []string{"turnip"}, Refuse: true}}},
		{"admit.grant all", room.GrantEntry{Participants: room.Knockers{All: true}}},
		{"admit.grant", room.GrantEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"p_wim"}}}},
		{"admit.deny", room.DenyEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"p_wim"}}, Reason: "The hall is full."}},
		{"admit.page", room.KnockPage{After: "p_wim", Limit: 20}},
		{"announcement.post", room.Announce{Text: "We begin in two minutes.", To: room.ToWaiting, ExpiresInS: 120}},
		{"announcement.withdraw", room.WithdrawAnnouncement{ID: "m8"}},
		{"pin.set", room.SetPin{ID: "m8"}},
		{"pin.clear", room.ClearPin{}},
		{"stage.source", room.SetSource{URL: "https://video.example.org/embed/7"}},
		{"stage.source none", room.SetSource{None: true}},
	} {
		all.add(600+i, "client", "command "+c.name, encoded(uint32(i+1), c.Command))
	}
}

// moderated is the story's room in the middle of moderation.
func moderated() (s *teller, message room.Event) {
	s = inside()
	ada := account("a_ada")
	message = s.do(guest("wim", room.Hash{}), room.ChatPost{Text: "Buy my turnips."})[0]
	s.do(s.vera, room.ReportMessage{ID: room.MessageID(message.Seq), Reason: "Spam"})
	s.do(ada, room.MutePerson{Participant: "p_wim", Reason: "Off topic."})
	locked := true
	s.do(ada, room.SetSettings{Locked: &locked})
	s.do(ada, room.Invite{Invitation: "i_ida", Participant: "p_ida", FirstName: "Ida", LastName: "Holm", Type: room.Viewer, Match: address("ida")})
	s.do(guest("ida", room.Hash{}), room.LobbyCheck{Email: "ida@example.org", Match: address("ida")})
	return s, message
}

func moderationReplies(all frames) {
	s, message := moderated()
	pos := map[string]any{"pos": s.state.Head}
	notice := s.do(account("a_ada"), room.Announce{Text: "Tea"})[0]
	names := []string{"participant.mute", "participant.unmute", "participant.remove", "participant.ban", "participant.unban", "chat.report", "report.settle",
		"chat.clear", "room.settings", "admit.grant", "admit.deny", "announcement.withdraw", "pin.set", "pin.clear", "stage.source"}
	for i, name := range names {
		all.add(630+i, "server", "ok "+name, ok(uint32(i+1), pos))
	}
	all.add(650, "server", "ok announcement.post", ok(1, s.state.Reply(notice)))
	all.add(651, "server", "ok moderation.page", ok(2, s.state.ModerationPage()))
	all.add(652, "server", "ok admit.page", ok(3, s.state.KnockPage(room.KnockPage{})))
	s.do(account("a_ada"), room.SetPin{ID: room.MessageID(message.Seq)})
	s.do(account("a_ada"), room.SetRole{Participant: "p_vera", Role: "moderator"})
	all.add(653, "server", "ok hello moderator", ok(1, s.welcome("snapshot")))
	waiting := s.welcome("snapshot")
	ida, _ := s.state.Participant("p_ida")
	by := guest("ida", room.Hash{})
	snap := s.state.Snapshot(room.Waiting)
	waiting.Phase, waiting.You, waiting.Snapshot = s.state.Phase(ida, by), s.state.You(ida, by), &snap
	all.add(654, "server", "ok hello waiting", ok(1, waiting))
}

func moderationEvents(all frames) {
	s, message := moderated()
	id, n := room.MessageID(message.Seq), 660
	for _, c := range []struct {
		by room.Actor
		room.Command
	}{
		{account("a_ada"), room.UnmutePerson{Participant: "p_wim"}},
		{account("a_ada"), room.MutePerson{Participant: "p_wim", Reason: "Off topic."}},
		{account("a_eva"), room.SetPin{ID: id}},
		{account("a_eva"), room.ClearPin{}},
		{guest("sam", room.Hash{}), room.ReportMessage{ID: id}},
		{account("a_ada"), room.SettleReport{ID: id}},
		{account("a_ada"), room.SetSettings{Filter: &room.Filter{Words: []string{"turnip"}}}},
		{account("a_ada"), room.GrantEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"p_ida"}}}},
		{account("a_ada"), room.RemovePerson{Participant: "p_ida", Reason: "Off topic."}},
		{account("a_ada"), room.BanPerson{Participant: "p_wim", By: room.BanAddress, Reason: "Spam"}},
		{account("a_ada"), room.UnbanPerson{Participant: "p_wim"}},
		{account("a_ada"), room.Announce{Text: "We begin in two minutes.", To: room.ToWaiting, ExpiresInS: 120}},
		{account("a_ada"), room.ClearChat{}},
	} {
		for _, e := range s.do(c.by, c.Command) {
			n = moderationEvent(all, n, e)
		}
	}
	e := room.Event{Seq: 90, At: start, Participant: "p_ada"}
	ada := room.Who{Participant: "p_ada", Name: "Ada Lind", Role: room.Owner}
	for _, f := range []room.Fact{
		room.Claimed{Who: room.Who{Participant: "p_ida", Name: "Ida Holm", Role: room.Viewer}, Waits: true},
		room.Denied{Who: ada, All: true, Reason: "The hall is full."},
		room.Revoked{Who: room.Who{Participant: "p_ida", Name: "Ida Holm", Role: room.Viewer}},
		room.AnnouncementWithdrawn{Who: ada, ID: "m8", To: room.ToEverybody},
		room.Sourced{Who: ada, URL: "https://video.example.org/embed/7"},
		room.Sourced{Who: ada},
	} {
		e.Fact = f
		n = moderationEvent(all, n, e)
	}
	all.add(n, "server", "event me.removed denied", event("me.removed", e, room.MeRemoved{Reason: "The hall is full.", Denied: true}))
}

// moderationEvent adds what a manager sees of an event.
func moderationEvent(all frames, n int, e room.Event) int {
	for _, shown := range room.Show(e, room.Managers) {
		all.add(n, "server", "event "+shown.Event+" moderation", wire.AppendEvent(nil, shown.Event, e.Seq, e.At, wire.Encode(shown.Data)))
		n++
	}
	return n
}
