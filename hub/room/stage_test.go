package room

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func stageWorld(t *testing.T) *world {
	w := newWorld(t)
	w.open()
	w.admit("vera", "vic", "mod", "spk")
	return w
}

func TestNobodyIsPutOnStageUnasked(t *testing.T) {
	w := stageWorld(t)
	w.refused(guest("spk"), OfferStage{Participant: "p_vera"}, CodeForbidden)
	w.refused(guest("mod"), OfferStage{Participant: "p_spk"}, CodeConflict)
	w.refused(guest("mod"), OfferStage{Participant: "p_vera", ForS: 90_000}, CodeInvalid)
	w.refused(guest("vera"), AnswerOffer{Accept: true}, CodeConflict)
	offered := w.do(guest("mod"), OfferStage{Participant: "p_vera", ForS: 600})[0]
	if again, err := w.try(guest("mod"), OfferStage{Participant: "p_vera", ForS: 600}); err != nil || again != nil {
		t.Errorf("asked once more: %v %v", again, err)
	}
	if you := w.s.You(w.person("vera"), guest("vera")); you.Role != "viewer" || you.Offer == nil || you.Offer.By.Participant != "p_mod" || you.Offer.At != offered.At {
		t.Errorf("told %+v", you)
	}
	if got := w.s.Snapshot(Moderators).Offers; len(got) != 1 || w.s.Snapshot(Staff).Offers != nil {
		t.Errorf("moderators see %+v", got)
	}
	w.do(guest("vera"), AnswerOffer{})
	if w.person("vera").Role != Viewer || len(w.s.offers) > 0 {
		t.Error("declined, and there all the same")
	}
	w.do(guest("mod"), OfferStage{Participant: "p_vera", ForS: 600})
	w.do(guest("vera"), HandRaise{})
	w.later(3_600_000_000_000)
	events := w.do(guest("vera"), AnswerOffer{Accept: true})
	f := events[0].Fact.(RoleChanged)
	if f.Role != Speaker || f.By.Participant != "p_mod" || f.UntilAt != events[0].At+600_000 || len(events) != 3 {
		t.Errorf("accepted: %+v", events)
	}
	if len(w.s.offers) > 0 || len(w.s.hands.up) > 0 {
		t.Error("the offer and the hand are still there")
	}
}

func TestOffersEndWithTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		by  Actor
		act Command
		why OfferEnd
	}{
		"withdrawn": {guest("mod"), WithdrawOffer{"p_vera"}, OfferWithdrawn},
		"promoted":  {guest("mod"), SetRole{Participant: "p_vera", Role: "speaker"}, OfferAccepted},
		"removed":   {guest("mod"), RemovePerson{Participant: "p_vera"}, OfferLeft},
		"banned":    {guest("mod"), BanPerson{Participant: "p_vic", By: BanDomain}, OfferLeft},
		"revoked":   {manager("ada"), RevokeInvitation{Invitation: "i_vera"}, OfferLeft},
	} {
		w := stageWorld(t)
		w.invite("both", Viewer)
		w.s.edit("p_vera").domain, w.s.edit("p_vic").domain = domainOf("example.org"), domainOf("example.org")
		w.do(guest("mod"), OfferStage{Participant: "p_vera"})
		events := w.do(c.by, c.act)
		last, is := events[len(events)-1].Fact.(OfferEnded)
		if !is || last.Why != c.why || last.Participant != "p_vera" || len(w.s.offers) > 0 {
			t.Errorf("%s: %+v", name, events)
		}
	}
}

func TestAnOpenStageHasRoomForSome(t *testing.T) {
	w := stageWorld(t) // spk is one
	w.do(guest("mod"), SetSettings{Hands: ptr("open"), HandsMost: ptr(2)})
	first := w.do(guest("vera"), HandRaise{})
	if f, is := first[0].Fact.(RoleChanged); !is || f.Role != Speaker || f.By.Participant != "p_vera" {
		t.Fatalf("raised: %+v", first)
	}
	if got := w.do(guest("vic"), HandRaise{}); got[0].Fact.Kind() != "hand.raised" {
		t.Errorf("the stage is full: %+v", got)
	}
	w.do(guest("vera"), LeaveStage{})
	w.do(guest("mod"), MutePerson{Participant: "p_vera"})
	if got := w.do(guest("vera"), HandRaise{}); got[0].Fact.Kind() != "hand.raised" {
		t.Errorf("muted: %+v", got)
	}
	w.do(guest("mod"), HandClear{})
	w.do(guest("mod"), SetSettings{Hands: ptr("invite")})
	w.refused(guest("vic"), HandRaise{}, CodeClosed)
	w.do(guest("spk"), HandRaise{})
	w.refused(guest("mod"), SetSettings{Hands: ptr("never")}, CodeInvalid)
	w.refused(guest("mod"), SetSettings{HandsMost: ptr(201)}, CodeInvalid)
	w.do(guest("mod"), SetSettings{Hands: ptr("request")})
	w.do(guest("vic"), HandRaise{})
}

func TestOneLeavesTheStageDownwards(t *testing.T) {
	w := stageWorld(t)
	w.refused(guest("vera"), LeaveStage{}, CodeForbidden)
	w.refused(guest("mod"), LeaveStage{Role: "moderator"}, CodeInvalid)
	w.refused(manager("paul"), LeaveStage{}, CodeForbidden)
	w.do(guest("mod"), LeaveStage{Role: "speaker"})
	w.do(guest("mod"), LeaveStage{})
	if got := w.person("mod").Role; got != Viewer {
		t.Errorf("is a %s", got)
	}
	w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "moderator", ForS: 600})
	w.do(guest("vera"), LeaveStage{})
	if w.s.NextDue() != 0 {
		t.Error("goes back once more")
	}
}

// Who is a moderator for ten minutes cannot make themselves a speaker for good.
func TestWhatIsLentIsNotKeptByLeavingHalfway(t *testing.T) {
	w := stageWorld(t)
	until := w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "moderator", ForS: 600})[0].Fact.(RoleChanged).UntilAt
	w.do(guest("vera"), LeaveStage{Role: "speaker"})
	if got := w.s.untilOf("p_vera"); got != until {
		t.Errorf("is a speaker until %d, lent until %d", got, until)
	}
	w.do(manager("ada"), SetRole{Participant: "p_spk", Role: "moderator", ForS: 600})
	w.do(guest("spk"), LeaveStage{Role: "speaker"})
	if got := w.s.untilOf("p_spk"); got != 0 {
		t.Errorf("their own role ends at %d", got)
	}
	w.later(10 * time.Minute)
	w.do(Actor{System: true}, RolesDue{})
	if vera, spk := w.person("vera").Role, w.person("spk").Role; vera != Viewer || spk != Speaker {
		t.Errorf("when the time is up: %s and %s", vera, spk)
	}
}

func TestAPosingNameIsGoneFromWhatIsKept(t *testing.T) {
	w := stageWorld(t)
	w.do(guest("vera"), ChatPost{Text: "Send me your passwords."})
	w.do(guest("vera"), QuestionAsk{Text: "Why?"})
	w.do(guest("vera"), HandRaise{})
	w.refused(guest("mod"), RenamePerson{Participant: "p_mod", FirstName: "Max"}, CodeForbidden)
	w.refused(guest("mod"), RenamePerson{Participant: "p_ada", FirstName: "Max"}, CodeForbidden)
	w.refused(guest("spk"), RenamePerson{Participant: "p_vera", FirstName: "Max"}, CodeForbidden)
	w.refused(guest("mod"), RenamePerson{Participant: "p_vera", FirstName: " "}, CodeInvalid)
	w.refused(manager("ada"), RenamePerson{Participant: "p_paul", FirstName: "Max"}, CodeForbidden)
	w.do(guest("mod"), RenamePerson{Participant: "p_vera", FirstName: "Visitor", Reason: "You are not the host."})
	page, _ := w.s.ChatPage(ChatPage{})
	names := []string{w.person("vera").Name(), page.Items[0].Name, w.s.questions.open[0].who.Name, w.s.hands.up[0].who.Name}
	for _, name := range names {
		if name != "Visitor" {
			t.Errorf("names %v", names)
		}
	}
	if again, err := w.try(guest("mod"), RenamePerson{Participant: "p_vera", FirstName: "Visitor"}); err != nil || again != nil {
		t.Errorf("once more: %v %v", again, err)
	}
}

func TestHandsComeInPages(t *testing.T) {
	w := newWorld(t)
	w.open()
	for i := range 130 {
		name := fmt.Sprint("g", i)
		w.invite(name, Viewer)
		w.admit(name)
		w.do(guest(name), HandRaise{})
	}
	var all []ParticipantID
	for after := ParticipantID(""); len(all) < 130; {
		page := w.s.HandPage(HandPage{After: after, Limit: 50})
		for _, h := range page.Items {
			all = append(all, h.Participant)
		}
		if page.Total != 130 || page.Next == "" != (len(all) == 130) {
			t.Fatalf("%d of %d, then %q", len(all), page.Total, page.Next)
		}
		after = page.Next
	}
	if all[0] != "p_g0" || all[129] != "p_g129" || len(slices.Compact(all)) != 130 {
		t.Errorf("in the order %v", all)
	}
	if got := w.s.Snapshot(Staff).Hands; len(got.Items) > 100 || len(got.Items) < 20 || got.Total != 130 {
		t.Errorf("a snapshot has %d of %d", len(got.Items), got.Total)
	}
	if got := w.do(manager("ada"), HandClear{}); len(got) != 1 || len(w.s.hands.up) != 0 || w.person("g7").handUp {
		t.Errorf("cleared: %+v", got)
	}
}

// Everybody finds their own number in what all are told.
func TestTheWaitingFindTheirPlace(t *testing.T) {
	for _, n := range []int{0, 1, 40, 50, 51, 1234} {
		w := newWorld(t)
		w.open()
		w.do(manager("ada"), SetSettings{Locked: ptr(true)})
		for i := range n {
			name := fmt.Sprint("g", i)
			w.invite(name, Viewer)
			w.admit(name)
		}
		l := w.s.Lineup()
		if l.Waiting != Rounded(n) || len(l.After) > lineupMarks || (l.Step == 1) != (n <= lineupMarks) {
			t.Fatalf("%d wait: %+v", n, l)
		}
		for i := range n {
			since := w.s.You(w.person(fmt.Sprint("g", i)), guest(fmt.Sprint("g", i))).WaitsSince
			number := 1
			for mark, after := range l.After {
				if l.From+after <= since {
					number = 1 + mark*l.Step
				}
			}
			if off := i + 1 - number; off < 0 || off >= l.Step {
				t.Fatalf("number %d of %d is told %d", i+1, n, number)
			}
		}
	}
}

func TestWordsToWhoWaits(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod")
	w.do(manager("ada"), SetSettings{Locked: ptr(true)})
	w.admit("vera")
	w.refused(guest("mod"), TellKnocker{"p_vera", " "}, CodeInvalid)
	w.refused(guest("mod"), TellKnocker{"p_vic", "Soon"}, CodeConflict)
	w.refused(guest("mod"), TellKnocker{"p_nobody", "Soon"}, CodeNotFound)
	e := w.do(guest("mod"), TellKnocker{"p_vera", "Two minutes"})[0]
	whose, told := Own(e)
	if whose != "p_vera" || told[0].Event != "me.told" || !Tells(e, Waiting) || Tells(e, Audience) {
		t.Errorf("%s is told %+v", whose, told)
	}
	if you := w.s.You(w.person("vera"), guest("vera")); you.Told == nil || you.Told.Text != "Two minutes" {
		t.Errorf("on return: %+v", you)
	}
	page := w.s.KnockPage(KnockPage{})
	if page.Items[0].InvitedBy != "Ada Lind" || page.Items[0].Verified {
		t.Errorf("moderators see %+v", page.Items)
	}
	w.do(guest("mod"), GrantEntry{Knockers{All: true}})
	if len(w.s.told) > 0 {
		t.Error("kept for nobody")
	}
}
