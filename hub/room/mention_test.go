package room

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// called gives the parts of a text that mean somebody.
func called(text string, all []Mention) (words []string) {
	runes := []rune(text)
	for _, m := range all {
		words = append(words, string(m.Participant)+" "+string(runes[m.At:m.At+m.N]))
	}
	return words
}

func (w *world) id(by Actor) ParticipantID {
	p, ok := w.s.Who(by)
	if !ok {
		w.t.Fatal("nobody")
	}
	return p.ID
}

// tag makes a mention of the first such words in a text.
func tag(text, words string, id ParticipantID) Mention {
	at := strings.Index(text, words)
	return Mention{id, utf8.RuneCountInString(text[:at]), utf8.RuneCountInString(words)}
}

func TestMentionsAreResolvedAtTheirPlace(t *testing.T) {
	w := chatWorld(t)
	vic, mod := w.id(guest("vic")), w.id(guest("mod"))
	name := func(id ParticipantID) string { p, _ := w.s.Participant(id); return p.Name() }
	for text, want := range map[string]string{
		"hello @1 and @2!":                       "hello @" + name(vic) + " and @" + name(mod) + "!",
		"  \n 𝕏 @1,\n\n\n\n@2":                   "𝕏 @" + name(vic) + ",\n\n@" + name(mod),
		"@" + name(vic) + " is @1, not\u200b @2": "@" + name(vic) + " is @" + name(vic) + ", not @" + name(mod),
	} {
		f := w.do(guest("vera"), ChatPost{Text: text, Mentions: []Mention{tag(text, "@1", vic), tag(text, "@2", mod)}})[0].Fact.(ChatPosted)
		if f.Text != want || !reflect.DeepEqual(called(f.Text, f.Mentions), []string{string(vic) + " @" + name(vic), string(mod) + " @" + name(mod)}) {
			t.Errorf("%q became %q, %q", text, f.Text, called(f.Text, f.Mentions))
		}
	}
}

func TestMentionsOfNobody(t *testing.T) {
	w := chatWorld(t)
	vic, spk := w.id(guest("vic")), w.id(guest("spk"))
	says := func(by Actor, c Command) (string, []Mention) {
		switch f := w.do(by, c)[0].Fact.(type) {
		case ChatPosted:
			return f.Text, f.Mentions
		case BackchannelPosted:
			return f.Text, f.Mentions
		}
		return "", nil
	}
	if text, all := says(guest("vera"), ChatPost{Text: "@who?", Mentions: []Mention{{"p_of_another_room", 0, 4}}}); text != "@who?" || all != nil {
		t.Errorf("%q %v", text, all)
	}
	if text, all := says(guest("mod"), BackchannelPost{Text: "@v @s", Mentions: []Mention{{vic, 0, 2}, {spk, 3, 2}}}); !strings.HasPrefix(text, "@v @") || len(all) != 1 || all[0].Participant != spk {
		t.Errorf("a viewer in the backchannel: %q %v", text, all)
	}
	for _, bad := range [][]Mention{{{vic, 3, 2}}, {{vic, -1, 2}}, {{vic, 0, 0}}, {{vic, 0, -1}}, {{vic, 2, 1}, {spk, 0, 1}}, {{vic, 0, 2}, {spk, 1, 1}}, {{vic, 1 << 62, 1 << 62}}, make([]Mention, MaxMentions+1)} {
		w.refused(guest("mod"), ChatPost{Text: "@v!", Mentions: bad}, CodeInvalid)
		w.refused(guest("mod"), BackchannelPost{Text: "@v!", Mentions: bad}, CodeInvalid)
	}
	w.refused(guest("vera"), ChatPost{Text: strings.Repeat("x", MaxChatText-1) + "@", Mentions: []Mention{{vic, MaxChatText - 1, 1}}}, CodeTooLong)
}

func TestErasedPeopleAreNotCalledByName(t *testing.T) {
	w := chatWorld(t)
	vic, mod := w.id(guest("vic")), w.id(guest("mod"))
	p, _ := w.s.Participant(vic)
	secret := p.Name()
	said := w.do(guest("vera"), ChatPost{Text: "@v, ask @m", Mentions: []Mention{{vic, 0, 2}, {mod, 8, 2}}})[0]
	id := MessageID(said.Seq)
	pinned := w.do(guest("mod"), SetPin{ID: id})[0]
	reported := w.do(guest("spk"), ReportMessage{ID: id})[0]
	w.do(Actor{System: true}, ErasePerson{Invitations: []InvitationID{p.Invitation}})
	page, _ := w.s.ChatPage(ChatPage{})
	m := page.Items[len(page.Items)-1]
	if strings.Contains(m.Text, secret) || !strings.HasPrefix(m.Text, "@…, ask @") || len(m.Mentions) != 1 || !strings.HasPrefix(called(m.Text, m.Mentions)[0], string(mod)+" @") {
		t.Errorf("in memory: %q %q", m.Text, called(m.Text, m.Mentions))
	}
	if pin := w.s.shownPin(); strings.Contains(pin.Text, secret) {
		t.Errorf("pinned: %+v", pin)
	}
	if view := w.s.reportView(w.s.reports[0]); strings.Contains(view.Text, secret) {
		t.Errorf("reported: %+v", view)
	}
	for _, e := range []Event{said, pinned, reported} {
		for _, later := range []func(Event) Event{w.s.Remains, func(e Event) Event { e, _ = w.s.Redact(e); return e }} {
			if _, text, _ := EncodeFact(later(e).Fact); strings.Contains(string(text), secret) {
				t.Errorf("%s in the log: %s", e.Fact.Kind(), text)
			}
		}
	}
	if old := w.s.ChatFromLog([]Event{said}, 10).Items[0]; strings.Contains(old.Text, secret) {
		t.Errorf("from the log: %+v", old)
	}
}
