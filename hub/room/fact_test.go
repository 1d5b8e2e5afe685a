package room

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "add kinds of fact that testdata/facts.json does not have yet")

// sample has every kind of fact with every field set.
func sample() []Fact {
	who := Who{Participant: "p_1", Name: "Vera Grün", Role: Speaker}
	return []Fact{
		Created{Title: "T", Description: "D", StartsAt: 1, EndsAt: 2, Speakers: []Presenter{{"S", "B"}}, Collaboration: true, Organiser: "O", Epoch: "e"},
		Edited{Room: RoomView{"r", "T", "D", 1, 2, StatusOpen, 3, 4, "R", []Presenter{{"S", ""}}, "O", false}, Collaboration: true},
		Scheduled{1, 2, "R"}, Opened{50}, Closed{"R"}, Deleted{"R"},
		ManagerSet{Participant: "p_2", Person: "a_2", FirstName: "F", LastName: "L", Right: CoOwner, By: who, Entered: true},
		Requested{who, "i_1", CodeOtherDevice, "text"}, Dismissed{"p_1"}, CodeSent{"p_1", HashOf("d"), HashOf("c")}, CodeMissed{"p_1", HashOf("d")},
		ManagerRemoved{Who{Participant: "p_2", Name: "F L", Role: CoEditor}, true, "a_2"}, ManagerEntered{Who{Participant: "p_2", Name: "F L", Role: CoPublisher}},
		Issued{Invitation: "i_1", Participant: "p_1", FirstName: "Vera", LastName: "Grün", Type: Moderator, Match: HashOf("x"), ExpiresAt: 9, Devices: 2},
		GuestLinkSet{"g_1", "L", 9, 9, 2, true}, GuestLinkRemoved{"g_1"},
		Revised{who, "", true, false, "Vera", "Grün", 9, 2, 0}, LinkOpened{"p_1"}, Claimed{Who: who, Device: HashOf("d"), Generation: 3}, Missed{"p_1", HashOf("s")},
		Renewed{"p_1", 2, 9}, Freed{who, true}, Revoked{who, true, "R", false}, Restored{"p_1"},
		RoleChanged{who, Viewer, Who{Participant: "p_2", Name: "F L", Role: Owner}, true, true, 0, NoRole},
		ChatPosted{who, "text", "m1", nil}, ChatLiked{"m1", "p_1", true, 4}, ChatDeleted{who, "m1"}, BackchannelPosted{who, "text", "m1", nil},
		BackstageTurned{Open: true}, SiteFounded{}, SiteChanged{By: "a_1", SiteChange: wholeSite()}, DomainSet{"evil.com", true, true, "a_1"}, DomainRemoved{"evil.com", true, "a_1"},
		SiteMailChanged{"a_1", wholeMail()}, TemplateSet{"", "de-AT", "{title}", "<p>{link}</p>", "{link}", "a_1"}, TemplateRemoved{"", "de-AT", "a_1"},
		Muted{who, who, "R"}, Unmuted{who, who}, Removed{who, who, true, "R"},
		Banned{who, who, true, BanDomain, HashOf("x"), "example.com", HashOf("d"), []ParticipantID{"p_1"}, "R"}, Unbanned{who, who},
		SettingsChanged{who, Settings{Chat: true, ChatFor: Speaker, Questions: true, SlowModeS: 30, Locked: true, Filter: Filter{[]string{"word"}, true}}, true, false},
		Granted{who, []ParticipantID{"p_1"}, true}, Denied{who, []ParticipantID{"p_1"}, true, "R"},
		ChatCleared{who}, Reported{who, "m1", Quoted{who, "text", nil}, "R"}, ReportSettled{who, "m1"},
		Announced{who, "text", ToEverybody, 9}, AnnouncementWithdrawn{who, "m1", ToEverybody},
		Pinned{who, "m1", Quoted{who, "text", nil}}, Unpinned{who, "m1"}, Sourced{who, "https://video.example.org/embed/1"},
		QuestionAsked{who, "text", true}, QuestionVoted{"q1", "p_1", true, 4}, QuestionPublished{"q1", who, QuestionAsked{who, "text", true}, 7, nil},
		QuestionClaimed{who, "q1", true}, QuestionAnswered{who, "q1", "p_2", "text", true}, QuestionDismissed{who, "q1", "p_2", "R", true},
		HandRaised{who}, HandLowered{"p_2", HandDeclined, who, "R"}, HandsCleared{who},
		StageOffered{who, who, 600}, OfferEnded{"p_2", OfferWithdrawn, who}, Renamed{who, who, "i_1", "Vera", "Grün", true, "R"}, KnockTold{who, "p_2", "text"},
		Erased{Participant: "p_1"}, Forgotten{},
		Paused{who, "text"}, Resumed{who}, GoingLive{who, 9, true}, GoLiveCancelled{who, true},
		HostsAway{9}, Unattended{AbsenceEnds, 9}, HostsBack{true},
		InteractionCreated{who, wholeForm()}, InteractionRevised{who, "i1", wholeForm()}, InteractionRemoved{who, "i1", true},
		InteractionLaunched{who, "i1", wholeForm(), 9}, InteractionAnswered{"i1", "p_1", []int{0, 2}, "text"}, InteractionStopped{who, "i1"},
		InteractionClosed{"i1", ResultsLive, wholeOutcome()}, InteractionShared{who, "i1", ResultsHidden, true, wholeOutcome()},
		InteractionShown{who, "i1", &OpenAnswer{"p_1", "text"}},
	}
}

func wholeForm() InteractionForm {
	return InteractionForm{InteractQuiz, "Q", []string{"A", "B"}, 2, 5, true, ResultsClosed, ptr(1), 3, 60}
}

func wholeOutcome() Outcome {
	return Outcome{4, []int{1, 3}, []WordCount{{"w", 2}}, ptr(1), 3}
}

type frozen struct {
	Kind string          `json:"kind"`
	Fact json.RawMessage `json:"fact"`
}

// The log is for ever: what testdata/facts.json holds is read as it was
// written, and written so again. Never change an entry; a new field must leave
// old facts as they are (omitempty).
func TestFactsAreFrozen(t *testing.T) {
	old := readFrozen(t)
	for _, f := range sample() {
		kind, payload, err := EncodeFact(f)
		if err != nil {
			t.Fatal(err)
		}
		was, ok := old[kind]
		if !ok && *update {
			old[kind], was = payload, payload
		}
		if !bytes.Equal(was, payload) {
			t.Errorf("%s is written as\n%s, not as\n%s", kind, payload, was)
		}
		back, err := DecodeFact(kind, was)
		if diff := cmp.Diff(f, back); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", kind, err, diff)
		}
	}
	if kinds := slices.Sorted(maps.Keys(old)); !slices.Equal(kinds, slices.Sorted(maps.Keys(facts))) {
		t.Errorf("frozen are %v", kinds)
	}
	if *update {
		writeFrozen(t, old)
	}
}

func readFrozen(t *testing.T) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/facts.json")
	if errors.Is(err, os.ErrNotExist) && *update {
		return map[string][]byte{}
	}
	var all []frozen
	if err := errors.Join(err, json.Unmarshal(text, &all)); err != nil {
		t.Fatal(err)
	}
	byKind := map[string][]byte{}
	for _, f := range all {
		var b bytes.Buffer
		if err := json.Compact(&b, f.Fact); err != nil {
			t.Fatal(err)
		}
		byKind[f.Kind] = b.Bytes()
	}
	return byKind
}

func writeFrozen(t *testing.T, byKind map[string][]byte) {
	t.Helper()
	var all []frozen
	for _, f := range sample() {
		all = append(all, frozen{f.Kind(), byKind[f.Kind()]})
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile("testdata/facts.json", append(text, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnknownFact(t *testing.T) {
	_, err := DecodeFact("poll.created", []byte("{}"))
	if unknown := (UnknownFact{}); !errors.As(err, &unknown) || unknown.Name != "poll.created" {
		t.Error(err)
	}
	if _, err := DecodeFact("chat.posted", []byte(`{"text":1}`)); err == nil {
		t.Error("a damaged fact is read")
	}
	// A newer release's extra fields do no harm.
	if f, err := DecodeFact("room.closed", []byte(`{"reason":"R","mood":"sad"}`)); err != nil || f != (Closed{"R"}) {
		t.Errorf("%v %v", f, err)
	}
}

// Folding never judges and never panics: events about nobody, twice, or out of
// any order change nothing that matters.
func TestFoldTakesAnything(t *testing.T) {
	s := New("r")
	for range 2 {
		for i, f := range sample() {
			s.Fold(Event{Seq: s.Head + 1, At: Millis(i), Participant: "p_1", Key: "k", Fact: f})
			for to := range Classes {
				_ = s.Snapshot(to)
				_ = Show(Event{Seq: s.Head, Fact: f}, to)
				_, _ = Own(Event{Seq: s.Head, Fact: f})
			}
		}
	}
	if back := restore(t, s); !bytes.Equal(back.Archive(), s.Archive()) {
		t.Error("the archive differs")
	}
}

func TestHashText(t *testing.T) {
	for _, h := range []Hash{{}, HashOf("x")} {
		text, err := h.MarshalText()
		var back Hash
		if err != nil || back.UnmarshalText(text) != nil || back != h {
			t.Errorf("%x is read as %x", h, back)
		}
	}
	for _, bad := range []string{"0", "zz", "00112233445566778899aabbccddeef", "00112233445566778899aabbccddeegg"} {
		if err := new(Hash).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is a hash", bad)
		}
	}
}
