package wire_test

import (
	"encoding/json"
	"fmt"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// The story: Vera holds a viewer's link. She waits, enters, is made a
// moderator and a viewer again, until the room is closed.

const start = room.Millis(1795420000000)

// teller drives a real State and writes what the server would send to Vera.
type teller struct {
	all    frames
	number int
	now    time.Time
	state  *room.State
	vera   room.Actor
	mirror room.Mirror
}

func at(ms room.Millis) time.Time { return time.UnixMilli(int64(ms)) }

func account(id string) room.Actor {
	return room.Actor{Account: room.PersonID(id), SiteRole: room.SiteMember}
}

func guest(id string, match room.Hash) room.Actor {
	return room.Actor{Invitation: room.InvitationID("i_" + id), Link: 1, Device: room.HashOf("device " + id), Session: room.HashOf("session " + id), Verified: match}
}

func address(id string) room.Hash { return room.HashOf(id + "@example.org") }

// seeded is a room of an owner, a co-editor, a moderator, a speaker and two viewers.
func seeded() (*room.State, *teller) {
	s := &teller{now: at(start - 3_600_000), state: room.New("r_7Qm2"), vera: guest("vera", room.Hash{})}
	s.do(account("a_ada"), room.CreateRoom{Title: "How trains meet", Description: "Timetables for beginners.\n\nBring questions.",
		StartsAt: start, EndsAt: start + 5_400_000, Collaboration: true, Epoch: "e_4f1c", Speakers: []room.Presenter{{Name: "Sam Okafor", Bio: "plans night trains"}},
		Owner: room.SetManager{Participant: "p_ada", Person: "a_ada", FirstName: "Ada", LastName: "Lind"}})
	s.do(account("a_ada"), room.SetManager{Participant: "p_eva", Person: "a_eva", FirstName: "Eva", LastName: "Roth", Right: room.CoEditor})
	for _, who := range []struct {
		id, first, last string
		role            room.Role
	}{{"max", "Max", "Berg", room.Moderator}, {"sam", "Sam", "Okafor", room.Speaker}, {"vera", "Vera", "Grün", room.Viewer}, {"wim", "Wim", "de Vries", room.Viewer}} {
		s.do(account("a_ada"), room.Invite{Invitation: room.InvitationID("i_" + who.id), Participant: room.ParticipantID("p_" + who.id),
			FirstName: who.first, LastName: who.last, Type: who.role, Match: address(who.id)})
	}
	return s.state, s
}

// do decides and folds one command a second later; it must be accepted.
func (s *teller) do(by room.Actor, c room.Command) []room.Event {
	s.now = s.now.Add(time.Second)
	events, err := s.state.Decide(by, c, "", s.now)
	if err != nil {
		panic(fmt.Sprintf("story: %s: %v", c.Name(), err))
	}
	for _, e := range events {
		s.state.Fold(e)
	}
	return events
}

// refused decides a command that must be refused.
func (s *teller) refused(by room.Actor, c room.Command) *room.Refusal {
	_, err := s.state.Decide(by, c, "", s.now)
	no, ok := err.(*room.Refusal)
	if !ok {
		panic(fmt.Sprintf("story: %s was not refused: %v", c.Name(), err))
	}
	return no
}

func (s *teller) client(name string, id uint32, c room.Command) {
	s.number++
	s.all.add(s.number, "client", name, encoded(id, c))
}

func (s *teller) server(name string, objects ...[]byte) {
	s.number++
	s.all.add(s.number, "server", name, objects...)
	for file, g := range s.all {
		if g.Name == name && g.Mirror == nil && g.Direction == "server" {
			s.foldAll(objects)
			g.Mirror = mirrorOf(s.mirror)
			s.all[file] = g
			return
		}
	}
}

func (s *teller) foldAll(objects [][]byte) {
	for _, object := range objects {
		var o wire.Message
		must(json.Unmarshal(object, &o))
		switch {
		case o.Event != "":
			must(s.mirror.Event(o.Event, o.Pos, o.At, o.Data))
		case o.Signal != "":
			must(s.mirror.Signal(o.Signal, o.Data))
		case o.Re == 1:
			var w room.Welcome
			must(json.Unmarshal(o.OK, &w))
			s.mirror.Hello(w)
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func encoded(id uint32, c room.Command) []byte {
	key := room.Key("")
	switch c.(type) {
	case wire.Hello, wire.LookInvitations, wire.Time, room.ChatPage, room.BackchannelPage, room.PeoplePage, room.ModerationPage, room.KnockPage, room.QuestionPage, room.ReactionSend,
		room.InteractionPage, room.InteractionAnswers:
	default: // it writes
		key = room.Key(fmt.Sprintf("Zk3_9x-T0aB%011d", id))
	}
	text, err := wire.EncodeCommand(id, key, c)
	must(err)
	return text
}

func (s *teller) person() *room.Person {
	p, _ := s.state.Who(s.vera)
	return p
}

func (s *teller) phase() room.Phase { return s.state.Phase(s.person(), s.vera) }
func (s *teller) you() room.You     { return s.state.You(s.person(), s.vera) }
func (s *teller) snapshot() *room.Snapshot {
	snap := s.state.Snapshot(s.class())
	return &snap
}
func (s *teller) class() room.Class { return room.ClassOf(s.phase(), s.person().Role) }

// shown is an event as Vera's class sees it.
func (s *teller) shown(e room.Event) []byte {
	shown := room.Show(e, s.class())
	if len(shown) != 1 {
		panic(fmt.Sprintf("story: %s is shown %d times", e.Fact.Kind(), len(shown)))
	}
	return event(shown[0].Event, e, shown[0].Data)
}

// told is an event as Vera sees it: what her class is shown, and what concerns
// her.
func (s *teller) told(e room.Event) (objects [][]byte) {
	all := room.Show(e, s.class())
	if whose, own := room.Own(e); whose == s.person().ID {
		all = append(all, own...)
	}
	for _, shown := range all {
		objects = append(objects, event(shown.Event, e, shown.Data))
	}
	return objects
}

func event(name string, e room.Event, data any) []byte {
	return wire.AppendEvent(nil, name, e.Seq, e.At, wire.Encode(data))
}

func signal(name string, data any) []byte { return wire.AppendSignal(nil, name, wire.Encode(data)) }

func ok(re uint32, body any) []byte { return wire.AppendOK(nil, re, wire.Encode(body), false) }

func no(re uint32, r *room.Refusal) []byte { return wire.AppendError(nil, re, wire.ErrorOf(r)) }

func (s *teller) welcome(mode string) room.Welcome {
	w := room.Welcome{Epoch: s.state.Epoch, Pos: s.state.Head, Phase: s.phase(), Mode: mode, Now: room.Millis(s.now.UnixMilli()), You: s.you(), Limits: limits}
	if mode == "snapshot" {
		w.Snapshot = s.snapshot()
	}
	return w
}

var limits = room.Limits{FrameBytes: wire.MaxClientFrame, ChatText: room.MaxChatText, QuestionText: room.MaxQuestion, CommandsPerS: wire.CommandsPerS, CommandsBurst: wire.CommandsBurst,
	ChatPerS: wire.ChatPerS, ChatBurst: wire.ChatBurst, Connections: wire.Connections}

func (s *teller) roleEvents(e room.Event) [][]byte {
	f := e.Fact.(room.RoleChanged)
	by := f.By.View()
	you := s.you()
	return [][]byte{s.shown(e), event("me.role", e, room.MeRole{Role: you.Role, Right: you.Right, Rights: you.Rights, By: by, You: you, Snapshot: s.snapshot()})}
}

func tellStory(all frames) {
	_, s := seeded()
	s.all = all
	s.waiting()
	s.lobby()
	s.live()
	s.asking()
	s.promoted()
	s.demoted()
	s.over()
}

func (s *teller) waiting() {
	s.client("hello", 1, wire.Hello{Room: "r_7Qm2", Invitation: "i_vera", Client: "web/1.0"})
	s.server("hello ok: countdown", ok(1, s.welcome("snapshot")))
	s.client("time", 2, wire.Time{T0: 1795416400000.5})
	s.server("time ok", ok(2, wire.Clock{T0: 1795416400000.5, T1: start - 3_599_950, T2: start - 3_599_950}))
	s.server("signals of the countdown", signal(wire.SignalCountdown, wire.Countdown{StartsAt: start, Now: start - 3_599_000}), signal(wire.SignalPeopleCount, wire.PeopleWaiting{Waiting: 3}))
	moved := start + 600_000
	s.server("room.scheduled", s.shown(s.do(account("a_eva"), room.EditRoom{StartsAt: &moved, Reason: "The train is late."})[0]))
	title := "How night trains meet"
	s.server("room.edited", s.shown(s.do(account("a_eva"), room.EditRoom{Title: &title})[0]))
	s.server("ping", []byte(`{"ping":1795418000123}`))
	s.number++
	s.all.add(s.number, "client", "pong", []byte(`{"pong":1795418000123}`))
	s.now = at(moved - 1000)
	opened := s.do(room.Actor{System: true}, room.OpenDue{Waiting: 3})[0]
	s.server("door opens", s.shown(opened), event("phase.changed", opened, room.PhaseChanged{Phase: s.phase(), You: s.you(), Snapshot: s.snapshot()}))
}

func (s *teller) lobby() {
	s.client("lobby.check wrong", 3, room.LobbyCheck{Email: "vera.gruen@example.net"})
	s.do(s.vera, room.LobbyCheck{Email: "vera.gruen@example.net", Match: address("nobody")})
	s.server("lobby_no_match", no(3, s.state.Answer(s.vera, room.Missed{}, s.now)))
	for _, id := range []string{"sam", "max"} {
		s.do(guest(id, room.Hash{}), room.LobbyCheck{Email: id + "@example.org", Match: address(id)})
	}
	s.do(account("a_ada"), room.Enter{})
	s.do(guest("sam", room.Hash{}), room.ChatPost{Text: "Good evening! Grüße aus Köln 👋"})
	s.client("lobby.check", 4, room.LobbyCheck{Email: "Vera@example.org"})
	entered := s.do(s.vera, room.LobbyCheck{Email: "Vera@example.org", Match: address("vera")})[0]
	s.server("lobby ok and entry", ok(4, map[string]any{"phase": s.phase(), "pos": entered.Seq}),
		event("phase.changed", entered, room.PhaseChanged{Phase: s.phase(), You: s.you(), Snapshot: s.snapshot()}))
	s.server("signals inside", signal(wire.SignalPeopleCount, room.Count{Inside: 4, Waiting: 1, ByRole: map[string]int{"viewer": 1, "speaker": 1, "moderator": 1, "manager": 1}, Exact: true}),
		signal(wire.SignalStageHere, wire.StageHere{Participants: []room.ParticipantID{"p_ada", "p_max", "p_sam"}}))
}

func (s *teller) live() {
	hello := room.ChatPost{Text: "Hello!\nIs <b>this</b> the \"night\" platform? \\o/"}
	s.client("chat.post", 5, hello)
	mine := s.do(s.vera, hello)[0]
	s.server("chat.post ok and chat.posted", ok(5, s.state.Reply(mine)), s.shown(mine))
	s.server("chat.posted by others", s.shown(s.do(account("a_ada"), room.ChatPost{Text: "Welcome.", ReplyTo: room.MessageID(mine.Seq)})[0]),
		s.shown(s.do(guest("max", room.Hash{}), room.ChatPost{Text: "wrong window"})[0]))
	s.server("chat.liked", s.shown(s.do(guest("sam", room.Hash{}), room.ChatLike{ID: room.MessageID(mine.Seq)})[0]))
	s.server("chat.deleted", s.shown(s.do(guest("max", room.Hash{}), room.ChatDelete{ID: room.MessageID(s.state.Head - 1)})[0]))
	s.server("stage.changed: somebody comes", s.shown(s.do(account("a_eva"), room.Enter{})[0]))
}

// asking: Vera asks and is answered, votes, and raises her hand.
func (s *teller) asking() {
	ask := room.QuestionAsk{Text: "Why do trains <i>wait</i> at night?"}
	s.client("question.ask", 20, ask)
	mine := s.do(s.vera, ask)[0]
	s.server("question.ask ok and me.question", append([][]byte{ok(20, s.state.Reply(mine))}, s.told(mine)...)...)
	s.do(guest("wim", room.Hash{}), room.LobbyCheck{Email: "wim@example.org", Match: address("wim")})
	theirs := s.do(guest("wim", room.Hash{}), room.QuestionAsk{Text: "Who pays?", Anonymous: true})[0]
	for _, e := range []room.Event{mine, theirs} {
		s.server("question.published "+room.QuestionID(e.Seq), s.told(s.do(account("a_ada"), room.QuestionPublish{ID: room.QuestionID(e.Seq)})[0])...)
	}
	id := room.QuestionID(theirs.Seq)
	s.client("question.vote", 21, room.QuestionVote{ID: id})
	vote := s.do(s.vera, room.QuestionVote{ID: id})[0]
	s.server("question.vote ok and me.voted", append([][]byte{ok(21, s.state.Reply(vote))}, s.told(vote)...)...)
	s.server("question.votes", signal(wire.SignalVotes, wire.Votes{Votes: s.state.Votes([]string{id})}))
	s.server("question.answered", s.told(s.do(guest("sam", room.Hash{}), room.QuestionAnswer{ID: room.QuestionID(mine.Seq), Text: "They meet there."})[0])...)
	s.client("hand.raise", 22, room.HandRaise{})
	up := s.do(s.vera, room.HandRaise{})[0]
	s.server("hand.raise ok and me.hand", append([][]byte{ok(22, s.state.Reply(up))}, s.told(up)...)...)
	s.server("reactions", signal(wire.SignalReactions, wire.Reactions{Counts: map[string]int{"👏": 12, "❤️": 3}}))
}

// queue is what staff has to do with questions and hands.
func (s *teller) queue() {
	asked := s.do(guest("wim", room.Hash{}), room.QuestionAsk{Text: "And the night buses?"})[0]
	s.server("question.asked", s.told(asked)...)
	id := room.QuestionID(asked.Seq)
	s.server("question.claimed", s.told(s.do(guest("max", room.Hash{}), room.QuestionClaim{ID: id})[0])...)
	s.server("question.dismissed", s.told(s.do(guest("max", room.Hash{}), room.QuestionDismiss{ID: id, Reason: "Another time."})[0])...)
	s.server("hand.raised", s.told(s.do(guest("wim", room.Hash{}), room.HandRaise{})[0])...)
}

func (s *teller) promoted() {
	s.do(guest("sam", room.Hash{}), room.BackchannelPost{Text: "Vera knows this line well."})
	up := s.do(account("a_ada"), room.SetRole{Participant: "p_vera", Role: "moderator"})
	s.server("promotion", s.roleEvents(up[0])...)
	s.server("hand.lowered: accepted", s.told(up[1])...)
	s.queue()
	s.server("backchannel.posted", s.shown(s.do(guest("max", room.Hash{}), room.BackchannelPost{Text: "Welcome behind the curtain."})[0]))
	s.client("backchannel.post", 6, room.BackchannelPost{Text: "Thank you!"})
	mine := s.do(s.vera, room.BackchannelPost{Text: "Thank you!"})[0]
	s.server("backchannel.post ok", ok(6, s.state.Reply(mine)), s.shown(mine))
	s.client("role.set", 7, room.SetRole{Participant: "p_sam", Role: "viewer"})
	down := s.do(s.vera, room.SetRole{Participant: "p_sam", Role: "viewer"})[0]
	s.server("role.set ok and stage.changed", ok(7, s.state.Reply(down)), s.shown(down))
}

func (s *teller) demoted() {
	s.server("demotion", s.roleEvents(s.do(account("a_ada"), room.SetRole{Participant: "p_vera", Role: "viewer"})[0])...)
	s.client("backchannel.post after demotion", 8, room.BackchannelPost{Text: "Still here?"})
	s.server("forbidden after demotion", no(8, s.refused(s.vera, room.BackchannelPost{Text: "Still here?"})))
	s.client("hello again", 1, wire.Hello{Room: "r_7Qm2", Invitation: "i_vera", Client: "web/1.0", Resume: &wire.Resume{Epoch: "e_4f1c", Pos: s.state.Head}})
	s.server("hello ok: resumed", ok(1, s.welcome("resumed")))
	s.server("missed while away", s.shown(s.do(guest("sam", room.Hash{}), room.ChatPost{Text: "Mind the gap."})[0]))
}

func (s *teller) over() {
	closed := s.do(account("a_ada"), room.EditRoom{State: room.StatusClosed, Reason: "Thank you for coming."})[0]
	s.server("room.closed and phase over", s.shown(closed), event("phase.changed", closed, room.PhaseChanged{Phase: s.phase(), You: s.you(), Snapshot: s.snapshot()}))
}
