package wire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

type document struct {
	Channels map[string]struct {
		Messages map[string]reference `json:"messages"`
	} `json:"channels"`
	Operations map[string]struct {
		Action   string      `json:"action"`
		Channel  reference   `json:"channel"`
		Messages []reference `json:"messages"`
		Reply    struct {
			Channel  reference   `json:"channel"`
			Messages []reference `json:"messages"`
		} `json:"reply"`
	} `json:"operations"`
	Components struct {
		Messages map[string]struct {
			Name    string `json:"name"`
			Payload schema `json:"payload"`
		} `json:"messages"`
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
	CloseCodes []struct {
		Code      wire.CloseCode `json:"code"`
		Name      string         `json:"name"`
		Reconnect bool           `json:"reconnect"`
	} `json:"x-close-codes"`
}

type reference struct {
	Ref string `json:"$ref"`
}

func readDocument(t *testing.T) (d document) {
	t.Helper()
	text, err := os.ReadFile("asyncapi.json")
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// named lists the messages of a kind: named("event.") gives event names.
func (d document) named(prefix string) []string {
	var names []string
	for key, m := range d.Components.Messages {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			names = append(names, name)
			if m.Payload.Properties[strings.TrimSuffix(prefix, ".")].Enum != nil && m.Payload.Properties[strings.TrimSuffix(prefix, ".")].Enum[0] != name {
				names = append(names, "wrong name in "+key)
			}
		}
	}
	slices.Sort(names)
	return names
}

func same(t *testing.T, what string, document, code []string) {
	t.Helper()
	slices.Sort(document)
	slices.Sort(code)
	if diff := cmp.Diff(document, slices.Compact(code)); diff != "" {
		t.Errorf("%s, asyncapi.json (-) and the code (+):\n%s", what, diff)
	}
}

// What there is stands in the document, and nothing else does.
func TestDocumentIsComplete(t *testing.T) {
	d := readDocument(t)
	same(t, "commands", d.named("command."), wire.Commands())
	same(t, "replies", d.named("ok."), wire.Commands())
	same(t, "signals", d.named("signal."), []string{wire.SignalCountdown, wire.SignalPeopleCount, wire.SignalStageHere, wire.SignalDrain, wire.SignalDegraded, wire.SignalInvitationsChanged, wire.SignalSite, wire.SignalVotes, wire.SignalReactions, wire.SignalTally, wire.SignalMine, wire.SignalLineup})
	same(t, "events", d.named("event."), append(shownEvents(), "phase.changed", "me.role", "me.revoked", "me.removed"))
	same(t, "error codes", d.Components.Schemas["errorCode"].texts(), texts(room.Codes()))
	same(t, "rights", d.Components.Schemas["action"].texts(), texts(append(slices.Clone(room.Moderator.Rights()), room.Owner.Rights()...)))
	same(t, "phases", d.Components.Schemas["phase"].texts(), []string{"countdown", "lobby", "waiting", "backstage", "live", "over"})
	same(t, "roles", d.Components.Schemas["role"].texts(), []string{"viewer", "speaker", "moderator", "manager"})
	same(t, "rights of managers", d.Components.Schemas["right"].texts(), []string{"owner", "co-owner", "co-editor", "co-publisher"})
	var told, known []string
	for _, c := range d.CloseCodes {
		told = append(told, fmt.Sprint(int(c.Code), c.Name, c.Reconnect))
	}
	for _, c := range wire.CloseCodes() {
		known = append(known, fmt.Sprint(int(c), c.String(), c.Reconnect()))
	}
	same(t, "close codes", told, known)
}

func texts[T ~string](all []T) []string {
	var out []string
	for _, v := range all {
		out = append(out, string(v))
	}
	return out
}

// shownEvents runs every kind of fact through Show for every class.
func shownEvents() []string {
	names := map[string]bool{}
	staff := room.Who{Participant: "p", Name: "N", Role: room.Speaker}
	for _, f := range []room.Fact{room.Created{}, room.Edited{}, room.Scheduled{}, room.Opened{}, room.Closed{}, room.Deleted{}, room.ManagerSet{Right: room.Owner, Entered: true},
		room.ManagerRemoved{Who: staff, Admitted: true}, room.ManagerEntered{Who: staff}, room.Issued{}, room.Revised{Who: staff, Admitted: true}, room.LinkOpened{}, room.Claimed{Who: staff},
		room.Missed{}, room.Renewed{}, room.Freed{Who: staff, Admitted: true}, room.Revoked{Who: staff, Admitted: true}, room.Restored{}, room.RoleChanged{Who: staff, Admitted: true},
		room.Requested{}, room.Dismissed{}, room.CodeSent{}, room.CodeMissed{},
		room.ChatPosted{}, room.ChatLiked{}, room.ChatDeleted{}, room.BackchannelPosted{}, room.BackstageTurned{}, room.Erased{}, room.Forgotten{},
		room.Muted{}, room.Unmuted{}, room.Removed{Who: room.Who{Role: room.Viewer}}, room.Banned{}, room.Unbanned{}, room.SettingsChanged{}, room.Claimed{Waits: true}, room.Granted{}, room.Denied{},
		room.ChatCleared{}, room.Reported{}, room.ReportSettled{}, room.Announced{To: room.ToEverybody}, room.AnnouncementWithdrawn{To: room.ToEverybody}, room.Pinned{}, room.Unpinned{}, room.Sourced{},
		room.Paused{}, room.Resumed{}, room.GoingLive{}, room.GoLiveCancelled{}, room.HostsAway{}, room.Unattended{}, room.HostsBack{Warned: true},
		room.QuestionAsked{}, room.QuestionVoted{}, room.QuestionPublished{}, room.QuestionClaimed{}, room.QuestionAnswered{}, room.QuestionDismissed{}, room.HandRaised{}, room.HandLowered{}, room.HandsCleared{},
		room.StageOffered{}, room.OfferEnded{}, room.Renamed{Admitted: true}, room.KnockTold{},
		room.InteractionCreated{}, room.InteractionRevised{}, room.InteractionRemoved{}, room.InteractionLaunched{}, room.InteractionAnswered{},
		room.InteractionStopped{}, room.InteractionClosed{}, room.InteractionShared{}, room.InteractionShown{}} {
		_, own := room.Own(room.Event{Fact: f})
		for _, told := range own {
			names[told.Event] = true
		}
		for to := range room.Classes {
			for _, shown := range room.Show(room.Event{Fact: f}, to) {
				names[shown.Event] = true
			}
		}
	}
	return slices.Collect(maps.Keys(names))
}

// The hub makes events and signals of its own; they stand in the document, too.
func TestDocumentKnowsTheHub(t *testing.T) {
	d := readDocument(t)
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no hub: %v", err)
	}
	made := regexp.MustCompile(`Append(Event|Signal)\([\w.\[\]:]+, "([^"]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range made.FindAllStringSubmatch(string(text), -1) {
			if key := strings.ToLower(found[1]) + "." + found[2]; d.Components.Messages[key].Name == "" {
				t.Errorf("%s makes %s", file, key)
			}
		}
	}
}

// References lead somewhere, and every message has its place.
func TestDocumentHoldsTogether(t *testing.T) {
	d := readDocument(t)
	used := map[string]bool{}
	for name, op := range d.Operations {
		if op.Action != "send" && op.Action != "receive" || op.Channel.Ref != "#/channels/room" || len(op.Messages) == 0 {
			t.Errorf("operation %s: %+v", name, op)
		}
		for _, m := range append(op.Messages, op.Reply.Messages...) {
			key := strings.TrimPrefix(m.Ref, "#/channels/room/messages/")
			if _, ok := d.Channels["room"].Messages[key]; !ok {
				t.Errorf("operation %s: %s leads nowhere", name, m.Ref)
			}
			used[key] = true
		}
	}
	for key, m := range d.Channels["room"].Messages {
		if m.Ref != "#/components/messages/"+key || !used[key] {
			t.Errorf("message %s: %s, used %t", key, m.Ref, used[key])
		}
	}
	if len(d.Channels["room"].Messages) != len(d.Components.Messages) {
		t.Error("some messages are in no channel")
	}
	for name, m := range d.Components.Messages {
		m.Payload.known(t, d, name)
	}
	for name, s := range d.Components.Schemas {
		s.known(t, d, name)
	}
}

// Every golden object is what the document says, and has nothing beyond it.
func TestGoldenFramesFitTheDocument(t *testing.T) {
	d := readDocument(t)
	all := readGolden(t)
	asked := map[uint32]string{} // in the story: what a reply is to
	seen := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(all)) {
		for _, object := range strings.Split(all[file].Frame, "\n") {
			var v map[string]any
			if err := json.Unmarshal([]byte(object), &v); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			key := messageKey(v, all[file].Name, asked)
			m, ok := d.Components.Messages[key]
			if !ok {
				t.Errorf("%s: the document has no %q", file, key)
				continue
			}
			seen[key] = true
			m.Payload.check(d, v, func(format string, args ...any) { t.Errorf("%s: %s: %s", file, key, fmt.Sprintf(format, args...)) })
		}
	}
	for key := range d.Components.Messages {
		if !seen[key] {
			t.Errorf("no golden frame has %s", key)
		}
	}
}

func messageKey(v map[string]any, name string, asked map[uint32]string) string {
	id, _ := v["id"].(float64)
	re, _ := v["re"].(float64)
	switch {
	case v["cmd"] != nil:
		asked[uint32(id)] = v["cmd"].(string)
		return "command." + v["cmd"].(string)
	case v["event"] != nil:
		return "event." + v["event"].(string)
	case v["signal"] != nil:
		return "signal." + v["signal"].(string)
	case v["err"] != nil:
		return "error"
	case v["ok"] != nil && strings.HasPrefix(name, "ok "): // alone: "ok chat.post …"
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "ok "), " ")
		return "ok." + name
	case v["ok"] != nil:
		return "ok." + asked[uint32(re)]
	case v["ping"] != nil:
		return "ping"
	}
	return "pong"
}

// The check is worth something: these do not fit.
func TestTheCheckerRefuses(t *testing.T) {
	d := readDocument(t)
	for key, objects := range map[string][]string{
		"event.chat.posted":   {`{}`, `{"event":"chat.posted","pos":1,"at":2}`, `{"event":"chat.posted","pos":"1","at":2,"data":{"id":"m1","participant":"p","name":"n","role":"viewer","text":"x"}}`, `{"event":"chat.posted","pos":1,"at":2,"data":{"id":"m1","participant":"p","name":"n","role":"king","text":"x"}}`, `{"event":"chat.posted","pos":1,"at":2,"data":{"id":"m1","participant":"p","name":"n","role":"viewer","text":"x","extra":1}}`},
		"signal.people.count": {`{"signal":"people.count","data":{"waiting":1.5}}`, `{"signal":"people.count","data":{"waiting":1,"by_role":{"viewer":"1"}}}`, `{"signal":"other","data":{"waiting":1}}`},
		"ok.people.page":      {`{"re":1,"ok":{"items":[{"participant":"p"}],"total":1}}`, `{"re":1,"ok":{"items":{},"total":1}}`},
	} {
		for _, object := range objects {
			var v any
			if err := json.Unmarshal([]byte(object), &v); err != nil {
				t.Fatal(err)
			}
			wrong := 0
			m := d.Components.Messages[key]
			m.Payload.check(d, v, func(string, ...any) { wrong++ })
			if wrong == 0 {
				t.Errorf("%s fits %s", object, key)
			}
		}
	}
}
