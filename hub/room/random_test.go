package room

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// Random people ask for random things, within their rights or not. After every
// step the invariants of the package hold.
func TestRandomRooms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRandomRoom(t)
		for range rapid.IntRange(20, 120).Draw(t, "steps") {
			r.step(t)
			r.check(t)
		}
		r.finish(t)
	})
}

type randomRoom struct {
	s       *State
	log     []Event
	now     time.Time
	seats   int // participants made so far
	links   int // guest links made so far
	votes   votes
	spies   []*spy
	archive []byte // of s
}

func newRandomRoom(t *rapid.T) *randomRoom {
	site := *DefaultSite()
	site.EarlyMinutes = rapid.SampledFrom([]int{0, 30}).Draw(t, "early minutes")
	r := &randomRoom{s: New("r"), now: moment(noon - 600_000), seats: 1, votes: votes{}}
	r.s.Under(&site)
	r.archive = r.s.Archive()
	r.command(t, Actor{Account: "a0", SiteRole: SiteMember}, CreateRoom{Title: "T", StartsAt: noon, Collaboration: true, Epoch: "e",
		Owner: SetManager{Participant: "p0", Person: "a0", FirstName: "O", LastName: "0"}})
	for range 3 {
		r.command(t, Actor{Account: "a0", SiteRole: SiteMember}, r.invite(t))
	}
	if rapid.IntRange(0, 3).Draw(t, "opened early") > 0 {
		r.command(t, Actor{Account: "a0", SiteRole: SiteMember}, EditRoom{State: StatusOpen})
	}
	return r
}

func (r *randomRoom) step(t *rapid.T) {
	r.now = r.now.Add(rapid.SampledFrom([]time.Duration{0, time.Millisecond, time.Second, time.Minute, 20 * time.Minute, 3 * time.Hour, -time.Hour}).Draw(t, "later"))
	r.due(t)
	by := r.actor(t)
	if rapid.IntRange(0, 19).Draw(t, "forgetting") == 0 {
		r.command(t, Actor{System: true}, r.forgetting(t))
	}
	r.command(t, by, r.anything(t, by))
	if rapid.IntRange(0, 3).Draw(t, "spy") == 0 {
		r.visit(t)
	}
}

// due lets happen what happens by itself, as the hub does.
func (r *randomRoom) due(t *rapid.T) {
	if r.s.Due(r.now) {
		r.command(t, system, OpenDue{})
	}
	for _, c := range r.s.Overdue(r.now) {
		r.command(t, system, c)
	}
	if rapid.IntRange(0, 2).Draw(t, "hosts") == 0 { // as an instance tells that sees nobody, or somebody
		r.command(t, system, pick[Command](t, "seen", HostsMissing{For: time.Minute}, HostsMissing{}, HostsMissing{}, HostsThere{}))
	}
}

func pick[T any](t *rapid.T, name string, from ...T) T { return rapid.SampledFrom(from).Draw(t, name) }

func (r *randomRoom) someone(t *rapid.T) *Person {
	return r.s.people.at(rapid.IntRange(0, r.s.people.len()-1).Draw(t, "person"))
}

// actor is somebody who comes with more or less right.
func (r *randomRoom) actor(t *rapid.T) Actor {
	p := r.someone(t)
	by := Actor{Account: p.Account, SiteRole: SiteMember, Invitation: p.Invitation, Link: p.Link, Device: HashOf(string(p.ID)), Session: HashOf("s" + string(p.ID))}
	switch rapid.IntRange(0, 11).Draw(t, "trick") {
	case 0:
		by.Device = pick(t, "device", Hash{}, HashOf("p1"), HashOf("p2"), HashOf("stranger"))
	case 1:
		by.Link += pick[uint32](t, "link", 1, ^uint32(0))
	case 2:
		by.Claim = uint32(rapid.IntRange(1, 4).Draw(t, "claim"))
	case 3:
		by = Actor{Account: "a_signed_in", Verified: p.Match, Device: by.Device}
	case 4:
		by.Session = HashOf(fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "session")))
	case 5:
		by = pick(t, "stranger", Actor{}, Actor{System: true}, Actor{Account: "a_stranger"}, Actor{Invitation: "i_elsewhere", Link: 1})
	}
	return by
}

// forgetting is what the program does when somebody asks to be erased, or when
// a room's time is over.
func (r *randomRoom) forgetting(t *rapid.T) Command {
	if rapid.IntRange(0, 5).Draw(t, "all") == 0 {
		return ForgetContent{EndedBefore: Millis(r.now.UnixMilli())}
	}
	p := r.someone(t)
	r.seats++
	heir := SetManager{Participant: ParticipantID(fmt.Sprint("p", r.seats)), Person: PersonID(fmt.Sprint("heir", r.seats)), FirstName: "Heir", LastName: "H"}
	return ErasePerson{Person: p.Account, Match: p.Match, Successor: heir}
}

func (r *randomRoom) invite(t *rapid.T) Invite {
	r.seats++
	return Invite{Invitation: InvitationID(fmt.Sprint("i", r.seats)), Participant: ParticipantID(fmt.Sprint("p", r.seats)), FirstName: fmt.Sprint("F", r.seats), LastName: "L",
		Type: Role(rapid.IntRange(0, 5).Draw(t, "type")), Domain: pick(t, "domain", "", "a.example", "b.example"), Match: address(fmt.Sprint(rapid.IntRange(0, 7).Draw(t, "address"))), Devices: pick(t, "devices", nil, ptr(1), ptr(2))}
}

func (r *randomRoom) anything(t *rapid.T, by Actor) Command {
	p := r.someone(t)
	message := MessageID(Seq(rapid.IntRange(0, int(r.s.Head)+1).Draw(t, "message")))
	if n := len(r.s.chat.recent); n > 0 && rapid.IntRange(0, 3).Draw(t, "real message") > 0 {
		message = MessageID(r.s.chat.recent[rapid.IntRange(0, n-1).Draw(t, "message of")].place)
	}
	if rapid.IntRange(0, 3).Draw(t, "interaction") == 0 {
		return r.interaction(t)
	}
	switch rapid.IntRange(0, 72).Draw(t, "command") {
	case 36, 37:
		return pick[Command](t, "measure", MutePerson{p.ID, "Reason"}, UnmutePerson{p.ID}, RemovePerson{p.ID, "Reason"}, UnbanPerson{p.ID})
	case 38:
		return BanPerson{p.ID, pick(t, "scope", "", BanInvitation, BanAddress, BanDomain, "planet"), "Reason"}
	case 39, 40, 41:
		return SetSettings{Chat: pick(t, "chat", nil, ptr(true), ptr(false)), ChatFor: pick(t, "chat for", nil, ptr("viewer"), ptr("speaker"), ptr("owner")), SlowModeS: pick(t, "slow", nil, ptr(0), ptr(30), ptr(-1)),
			Locked: pick(t, "locked", nil, ptr(true), ptr(true), ptr(false)), Filter: pick(t, "filter", nil, &Filter{Words: []string{"hello"}}, &Filter{}),
			Hands: pick(t, "hands", nil, ptr("open"), ptr("request"), ptr("invite"), ptr("shut")), HandsMost: pick(t, "hands most", nil, ptr(1), ptr(-1))}
	case 42, 43:
		who := pick(t, "who", Knockers{All: true}, Knockers{IDs: []ParticipantID{p.ID}}, Knockers{})
		return pick[Command](t, "decision", GrantEntry{who}, GrantEntry{who}, DenyEntry{who, "Reason"}, KnockPage{})
	case 44, 45:
		return pick[Command](t, "announcing", Announce{Text: "Tea", To: pick(t, "to", "", ToInside, ToWaiting, ToStaff, "moon"), ExpiresInS: pick(t, "expires", 0, 60)}, WithdrawAnnouncement{message})
	case 46, 47:
		return pick[Command](t, "pinning", SetPin{message}, SetPin{message}, ClearPin{})
	case 48:
		return pick[Command](t, "reporting", ReportMessage{message, "Rude"}, ReportMessage{message, ""}, SettleReport{message})
	case 49:
		if rapid.IntRange(0, 3).Draw(t, "clear") == 0 {
			return ClearChat{}
		}
		return SetSource{None: true}
	case 0, 1:
		return r.invite(t)
	case 2:
		return ReviseInvitation{Invitation: p.Invitation, FirstName: pick(t, "name", nil, ptr("New")), Type: pick(t, "type", nil, ptr(Viewer), ptr(Moderator)), Devices: pick(t, "devices", nil, ptr(1), ptr(3))}
	case 3:
		return RenewLink{p.Invitation}
	case 4:
		return FreeDevices{p.Invitation}
	case 5:
		return RevokeInvitation{p.Invitation, "Reason", rapid.Bool().Draw(t, "finish")}
	case 6:
		return OpenLink{}
	case 7, 8, 9, 10:
		right, _ := r.s.Who(by)
		if right != nil && rapid.IntRange(0, 2).Draw(t, "right") > 0 {
			return LobbyCheck{Email: "x", Match: right.Match, Code: pick(t, "lobby code", Hash{}, HashOf("123456"))}
		}
		return LobbyCheck{Email: "x", Match: HashOf("wrong")}
	case 11:
		return Enter{}
	case 12, 13:
		return SetRole{Participant: p.ID, Role: pick(t, "role", "viewer", "speaker", "moderator", "owner"), ForS: pick(t, "for", 0, 0, 30, 3600, 90_000)}
	case 14:
		r.seats++
		id := ParticipantID(fmt.Sprint("p", r.seats))
		return SetManager{Participant: id, Person: PersonID(fmt.Sprint("a", rapid.IntRange(0, 3).Draw(t, "account"))), FirstName: "M", LastName: string(id), Right: Role(rapid.IntRange(0, 7).Draw(t, "right"))}
	case 15:
		return RemoveManager{p.Account}
	case 16:
		return EditRoom{Version: pick(t, "version", 0, r.s.Version(), r.s.Version()-1, 1), Title: pick(t, "title", nil, ptr("Other"), ptr("Another")), StartsAt: pick(t, "start", nil, ptr(r.s.StartsAt+60_000)), State: pick(t, "state", "", StatusOpen, StatusClosed), Waiting: 2000}
	case 17:
		if rapid.IntRange(0, 20).Draw(t, "delete") == 0 {
			return DeleteRoom{"Reason"}
		}
		return OpenDue{}
	case 18:
		return ChatLike{ID: message, On: pick(t, "on", nil, ptr(true), ptr(false))}
	case 19:
		return ChatDelete{message}
	case 22:
		return RequestLink{pick(t, "wish", "", "Let me in")}
	case 23:
		return DismissRequest{p.Invitation}
	case 32:
		return RestoreInvitation{p.Invitation}
	case 33:
		return EndFinished{p.ID}
	case 24, 25:
		return SendCode{Code: HashOf(pick(t, "sent", "123456", "654321")), Spent: rapid.IntRange(0, 9).Draw(t, "spent") == 0}
	case 26, 27:
		if rapid.Bool().Draw(t, "in the lobby") {
			return LobbyCode{Hash: pick(t, "lobby typed", HashOf("123456"), HashOf("654321"))}
		}
		return MoveDevice{pick(t, "typed", Hash{}, HashOf("123456"), HashOf("654321"))}
	case 28:
		r.links++
		return MakeGuestLink{ID: GuestLinkID(fmt.Sprint("g", r.links)), Label: "L", Most: rapid.IntRange(-1, 3).Draw(t, "most")}
	case 29:
		return pick[Command](t, "guest link", RenewGuestLink{r.guestLink(t)}, RemoveGuestLink{r.guestLink(t)}, EndGuests{r.guestLink(t)},
			ReviseGuestLink{ID: r.guestLink(t), Most: ptr(2), Off: ptr(true)}, ReviseGuestLink{ID: r.guestLink(t), Off: ptr(false)})
	case 30, 31:
		r.seats++
		return JoinAsGuest{ID: r.guestLink(t), Link: uint32(rapid.IntRange(1, 2).Draw(t, "generation")), Invitation: InvitationID(fmt.Sprint("i", r.seats)),
			Participant: ParticipantID(fmt.Sprint("p", r.seats)), FirstName: pick(t, "first", "G", ""), LastName: "Guest"}
	case 50, 51, 52, 53, 54, 55, 56:
		return r.discussion(t)
	case 65, 66, 67, 68:
		return r.stage(t, p)
	case 69:
		return RenamePerson{p.ID, pick(t, "first", "Re", "", "Named"), "", "Reason"}
	case 70:
		return TellKnocker{p.ID, pick(t, "told", "Soon", "")}
	case 57, 58:
		return HandRaise{}
	case 59:
		return HandLower{Participant: pick(t, "whose hand", "", p.ID), Reason: "Reason"}
	case 60:
		return pick[Command](t, "all", HandClear{}, ReactionSend{Emoji: "👏"})
	case 61, 62, 63, 64:
		return pick[Command](t, "life", PauseRoom{Message: pick(t, "pause", "", "F1 is back soon")}, PauseRoom{}, ResumeRoom{}, ResumeRoom{Countdown: true}, GoLive{}, GoLive{}, CancelGoLive{}, ResumeDue{}, EditRoom{HostAbsent: &AbsenceRule{AbsenceEnd(pick(t, "then", "lock", "end", "nothing")), 10}, Results: ptr(true), ClosingWords: ptr("Bye")})
	case 20, 21:
		return BackchannelPost{Text: "staff", ReplyTo: pick(t, "reply", "", message)}
	}
	return ChatPost{Text: "hello @you", ReplyTo: pick(t, "reply", "", "", message), Mentions: pick(t, "mentions", nil, []Mention{{p.ID, 6, 4}})}
}

// discussion is a command about a question, real or not.
func (r *randomRoom) discussion(t *rapid.T) Command {
	id := QuestionID(Seq(rapid.IntRange(0, int(r.s.Head)+1).Draw(t, "question")))
	if n := len(r.s.questions.open); n > 0 && rapid.IntRange(0, 5).Draw(t, "real question") > 0 {
		id = QuestionID(r.s.questions.open[rapid.IntRange(0, n-1).Draw(t, "question of")].place)
	}
	return pick[Command](t, "about a question", QuestionAsk{Text: "why?"}, QuestionAsk{Text: "and how?", Anonymous: true},
		QuestionVote{ID: id}, QuestionVote{ID: id, On: ptr(false)}, QuestionPublish{ID: id}, QuestionPublish{ID: id}, QuestionClaim{ID: id}, QuestionClaim{ID: id, On: ptr(false)},
		QuestionAnswer{ID: id, Text: "because"}, QuestionAnswer{ID: id, Live: true}, QuestionDismiss{ID: id, Reason: "Reason"}, QuestionPage{State: "answered"})
}

// command decides on a step, as the hub does, sometimes on one that is given
// up first.
func (r *randomRoom) command(t *rapid.T, by Actor, c Command) {
	key := Key(rapid.StringMatching(`k[0-9]{1,2}`).Draw(t, "key"))
	if lost := r.s.Step(); rapid.IntRange(0, 4).Draw(t, "lost") == 0 {
		events, _ := lost.Decide(by, c, key+"x", r.now)
		for _, e := range events {
			lost.Fold(e)
		}
		lost.Abandon()
		if _, found := r.s.Repeated(by, key+"x"); found {
			t.Fatal("an abandoned step left its key")
		}
	}
	step := r.s.Step()
	if at, again := step.Repeated(by, key); again {
		if at > r.s.Head {
			t.Fatalf("repeats what is not there: %d", at)
		}
		step.Abandon()
		return
	}
	events, err := step.Decide(by, c, key, r.now)
	var no *Refusal
	if err != nil && (!errors.As(err, &no) || !slices.Contains(Codes(), no.Code) || events != nil) {
		t.Fatalf("%s: %v", c.Name(), err)
	}
	r.edited(t, c, events)
	r.votes.count(r.s, c, events)
	for _, e := range events {
		r.judged(t, by, c, e, step)
		step.Fold(e)
		for _, spy := range r.spies {
			spy.see(t, e, step.Freeze())
		}
	}
	if got := r.s.Archive(); !bytes.Equal(got, r.archive) {
		t.Fatalf("%s: writing a step changed its base", c.Name())
	}
	r.s, r.log = step, append(r.log, events...)
	r.archive = r.s.Archive()
}

// check compares what State counts as it goes with a fresh look at it.
func (r *randomRoom) check(t *rapid.T) {
	owners, admitted, finishing := 0, 0, 0
	stage := map[int32]bool{}
	for i := range r.s.people.len() {
		p := r.s.people.at(i)
		if p.Role == Owner && !p.Revoked {
			owners++
		}
		if p.Admitted() {
			admitted++
			if p.Role.Staff() {
				stage[int32(i)] = true
			}
		}
		if p.Devices < len(p.Claims) && !slices.ContainsFunc(r.log, func(e Event) bool { return e.Fact.Kind() == "invitation.revised" }) {
			t.Fatalf("%d claims on %d devices", len(p.Claims), p.Devices)
		}
		if len(p.codes()) > codesInDay {
			t.Fatalf("%d codes are remembered", len(p.codes()))
		}
		if p.Finishing {
			finishing++
		}
		if p.Finishing && (p.Revoked || len(p.Claims) == 0 || p.rare == nil) {
			t.Fatalf("finishing without a claim: %+v", p)
		}
		if len(p.missed()) > linkTries {
			t.Fatalf("%d wrong addresses are remembered", len(p.missed()))
		}
		for name, find := range map[string]func() (*Person, bool){
			"participant": func() (*Person, bool) { return r.s.Participant(p.ID) }, "invitation": func() (*Person, bool) { return r.s.Invited(p.Invitation) }} {
			if found, ok := find(); (name == "participant" || p.Invitation != "") && (!ok || found != p) {
				t.Fatalf("%s: %s is not found", name, p.ID)
			}
		}
		if p.Guest() && p.Role != Viewer {
			t.Fatalf("a guest is a %s", p.Role)
		}
		if found, ok := r.s.InvitedAs(p.Match); p.Invitation != "" && !p.Guest() && !p.Revoked && (!ok || found != p) {
			t.Fatalf("%s is not found by address", p.ID)
		}
		if found, ok := r.s.Manager(p.Account); p.Account != "" && !p.Revoked && (!ok || found != p) {
			t.Fatalf("%s is not found by account", p.ID)
		}
	}
	r.checkGuestLinks(t)
	r.checkWaiting(t)
	r.checkLent(t)
	r.checkOffers(t)
	r.checkInteractions(t)
	if owners != r.s.owners || owners == 0 && r.s.Status != StatusDeleted {
		t.Fatalf("%d owners, counted %d", owners, r.s.owners)
	}
	if finishing != r.s.finishing {
		t.Fatalf("%d may finish, counted %d", finishing, r.s.finishing)
	}
	if admitted != r.s.admitted {
		t.Fatalf("%d admitted, counted %d", admitted, r.s.admitted)
	}
	listed := map[int32]bool{}
	for _, i := range r.s.stage {
		if listed[i] {
			t.Fatal("on stage twice")
		}
		listed[i] = true
	}
	if !maps.Equal(stage, listed) {
		t.Fatalf("stage %v, listed %v", stage, listed)
	}
	for _, spy := range r.spies {
		spy.compare(t, r.s)
	}
}

// checkWaiting: who waits has knocked at a locked room and is nowhere else.
func (r *randomRoom) checkWaiting(t *rapid.T) {
	waits := 0
	for i := range r.s.people.len() {
		p := r.s.people.at(i)
		if p.Waits != r.s.waits.has(int32(i)) || p.Waits && (p.Revoked || p.out != 0 || len(p.Claims) == 0 || p.Role.Staff() || p.Admitted() || !r.s.Settings().Locked) {
			t.Fatalf("waits: %+v", p)
		}
		if p.Waits {
			waits++
		}
		if p.out != 0 && (len(p.Claims) > 0 || p.Admitted()) {
			t.Fatalf("sent out and here: %+v", p)
		}
	}
	if waits != r.s.waits.n {
		t.Fatalf("%d wait, counted %d", waits, r.s.waits.n)
	}
}

// finish: the state is the fold of its log, by snapshot or not.
func (r *randomRoom) finish(t *rapid.T) {
	if !bytes.Equal(replay("r", r.log).Archive(), r.archive) {
		t.Fatal("the state is not the fold of its log")
	}
	middle := rapid.IntRange(0, len(r.log)).Draw(t, "snapshot at")
	s, err := Restore("r", replay("r", r.log[:middle]).Archive())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.log[middle:] {
		s = s.Step()
		s.Fold(e)
	}
	if !bytes.Equal(s.Archive(), r.archive) {
		t.Fatal("a snapshot and the rest of the log give another state")
	}
	r.redacted(t)
	s.Under(r.s.Site())
	by := r.actor(t)
	c := r.anything(t, by)
	one, oneErr := r.s.Decide(by, c, "k", r.now)
	two, twoErr := s.Decide(by, c, "k", r.now)
	if diff := cmp.Diff(one, two); diff != "" || codeOf(oneErr) != codeOf(twoErr) {
		t.Fatalf("restored, %s gives %v, not %v: %s", c.Name(), twoErr, oneErr, diff)
	}
	for _, e := range r.log {
		kind, text, err := EncodeFact(e.Fact)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeFact(kind, text)
		if diff := cmp.Diff(e.Fact, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatalf("%s: %v %s", kind, err, diff)
		}
	}
}

// redacted: without what is forgotten the log folds to the same state, and
// nothing of the erased is left in it.
func (r *randomRoom) redacted(t *rapid.T) {
	var log []Event
	var all []byte
	for _, e := range r.log {
		redacted, changed := r.s.Redact(e)
		if again, more := r.s.Redact(redacted); more || changed && cmp.Equal(e.Fact, redacted.Fact) {
			t.Fatalf("%+v is redacted to %+v, then to %+v", e, redacted, again)
		}
		_, payload, err := EncodeFact(redacted.Fact)
		if err != nil {
			t.Fatal(err)
		}
		log, all = append(log, redacted), append(all, payload...)
	}
	if !bytes.Equal(replay("r", log).Archive(), r.archive) {
		t.Fatal("the redacted log gives another state")
	}
	for p := range r.s.People {
		name := fmt.Sprintf("%q", "F"+string(p.ID[1:]))
		if p.Erased() && bytes.Contains(all, []byte(name)) {
			t.Fatalf("%s is erased and still in the log", name)
		}
	}
}
