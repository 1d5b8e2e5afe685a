package room

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// moderated is an open room with staff, vic and vera inside.
func moderated(t testing.TB) *world {
	w := newWorld(t)
	w.open()
	w.admit("mod", "spk", "vic", "vera")
	return w
}

// Every role acts on lower ones and on no other, whatever the measure.
func TestNobodyActsAboveTheirRank(t *testing.T) {
	people := []struct {
		Actor
		id   ParticipantID
		role Role
	}{{guest("vic"), "p_vic", Viewer}, {guest("spk"), "p_spk", Speaker}, {guest("mod"), "p_mod", Moderator}, {manager("paul"), "p_paul", CoPublisher},
		{manager("eva"), "p_eva", CoEditor}, {manager("cora"), "p_cora", CoOwner}, {manager("ada"), "p_ada", Owner}}
	w := moderated(t)
	for _, by := range people {
		for _, on := range people {
			for _, c := range []Command{MutePerson{Participant: on.id}, RemovePerson{Participant: on.id}, BanPerson{Participant: on.id}, UnbanPerson{Participant: on.id}} {
				may := by.role.May(ActMute) && by.id != on.id && by.role.Outranks(on.role)
				if _, mutes := c.(MutePerson); !mutes && on.role.Manages() && c.Name() != "participant.unban" {
					may = false
				}
				_, err := w.s.Decide(by.Actor, c, "k", w.now)
				if got := codeOf(err); may != (got == "") || !may && got != CodeForbidden {
					t.Errorf("%s: a %s on a %s: %q", c.Name(), by.role, on.role, got)
				}
			}
		}
	}
}

func TestMuted(t *testing.T) {
	w := moderated(t)
	w.do(guest("mod"), MutePerson{Participant: "p_vic", Reason: "Off  topic."})
	w.refused(guest("vic"), ChatPost{Text: "hello"}, CodeMuted)
	w.refused(guest("vic"), ChatPost{}, CodeMuted)
	w.post(guest("vera"), "hello")
	p, _ := w.s.Participant("p_vic")
	if y := w.s.You(p, guest("vic")); !y.Muted || !slices.Contains(y.Rights, ActChatPost) {
		t.Errorf("%+v", y)
	}
	m := w.s.ModerationPage()
	if len(m.Measures) != 1 || m.Measures[0].Kind != "muted" || m.Measures[0].Reason != "Off topic." || m.Measures[0].By.Name != "mod G" {
		t.Errorf("%+v", m)
	}
	if events := w.do(guest("mod"), MutePerson{Participant: "p_vic"}); events != nil {
		t.Error("muted twice")
	}
	w.do(manager("ada"), UnmutePerson{Participant: "p_vic"})
	w.post(guest("vic"), "hello")
	if m := w.s.ModerationPage(); len(m.Measures) != 0 {
		t.Errorf("%+v", m)
	}
}

// A ban of an address or a domain meets other seats, and those who are not
// there yet; staff stay.
func TestBansMeetOthers(t *testing.T) {
	at := func(name, domain string, role Role) Invite {
		c := invitation(name, role)
		c.Domain = domain
		return c
	}
	w := newWorld(t)
	for _, c := range []Invite{at("ben", "spam.example", Viewer), at("cas", "spam.example", Viewer), at("dan", "spam.example", Speaker), at("eli", "ok.example", Viewer)} {
		w.do(manager("ada"), c)
	}
	w.open()
	w.admit("mod", "ben", "cas", "dan", "eli")
	w.do(guest("mod"), BanPerson{Participant: "p_ben", By: BanDomain, Reason: "Spam"})
	w.refused(guest("ben"), ChatPost{Text: "x"}, CodeBanned)
	no := w.refused(guest("cas"), Enter{}, CodeBanned)
	if no.Reason != "Spam" || !no.Final || no.At == 0 {
		t.Errorf("%+v", no)
	}
	w.post(guest("dan"), "staff stay")
	w.post(guest("eli"), "others stay")
	w.refused(manager("ada"), at("fay", "spam.example", Viewer), CodeBanned)
	w.refused(guest("mod"), UnbanPerson{Participant: "p_cas"}, CodeConflict)
	w.do(guest("mod"), UnbanPerson{Participant: "p_ben"})
	w.admit("ben", "cas")
	w.do(manager("ada"), at("fay", "spam.example", Viewer))

	w.do(guest("mod"), BanPerson{Participant: "p_eli", By: BanAddress})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_eli"})
	again := at("eli2", "ok.example", Viewer)
	again.Match = address("eli")
	w.refused(manager("ada"), again, CodeBanned)
}

// A guest has nothing but their browser: it is banned with them.
func TestGuestsAreBannedByTheirBrowser(t *testing.T) {
	w := moderated(t)
	w.do(manager("ada"), MakeGuestLink{ID: "g_1", Label: "Friends"})
	join := JoinAsGuest{ID: "g_1", Link: 1, Invitation: "i_g", Participant: "p_g", FirstName: "Gus", LastName: "G", Domain: "mail.example"}
	w.do(guest("g"), join)
	w.do(guest("mod"), BanPerson{Participant: "p_g"})
	join.Invitation, join.Participant = "i_h", "p_h"
	w.refused(guest("g"), join, CodeBanned)
	w.do(guest("other browser"), join)
	w.refused(guest("mod"), BanPerson{Participant: "p_h", By: BanAddress}, CodeConflict)
	w.do(guest("mod"), BanPerson{Participant: "p_h", By: BanDomain})
	join.Invitation, join.Participant = "i_j", "p_j"
	w.refused(guest("third browser"), join, CodeBanned)
}

// Who was banned does not come back by a guest link, whatever address they type.
func TestTheBannedComeByNoGuestLink(t *testing.T) {
	for _, by := range []BanScope{BanInvitation, BanAddress} {
		w := moderated(t)
		w.do(manager("ada"), MakeGuestLink{ID: "g_1", Label: "Friends"})
		w.do(guest("mod"), BanPerson{Participant: "p_vic", By: by})
		join := JoinAsGuest{ID: "g_1", Link: 1, Invitation: "i_g", Participant: "p_g", FirstName: "Gus", LastName: "G", Domain: "mail.example"}
		same := guest("vic")
		same.Invitation = ""
		w.refused(same, join, CodeBanned)
		w.do(guest("other browser"), join)
		w.do(guest("mod"), UnbanPerson{Participant: "p_vic"})
		join.Invitation, join.Participant = "i_h", "p_h"
		w.do(same, join)
	}
}

func TestRemovedComesBackByTheLink(t *testing.T) {
	w := moderated(t)
	w.do(guest("mod"), RemovePerson{Participant: "p_vic", Reason: "Enough"})
	no := w.refused(guest("vic"), Enter{}, CodeRemoved)
	if no.Reason != "Enough" || !no.Final {
		t.Errorf("%+v", no)
	}
	if w.s.Open(guest("vic"), w.now) != nil {
		t.Error("the link does not open")
	}
	old := guest("vic")
	old.Claim = 1
	w.do(guest("vic"), OpenLink{})
	w.refused(old, ChatPost{Text: "by the old connection"}, CodeOtherDevice)
	w.refused(guest("vic"), ChatPost{Text: "in the lobby"}, CodeForbidden)
	w.admit("vic")
	w.post(guest("vic"), "sorry")
}

func TestSettings(t *testing.T) {
	w := moderated(t)
	for _, bad := range []SetSettings{{SlowModeS: ptr(-1)}, {SlowModeS: ptr(MaxSlowMode + 1)}, {ChatFor: ptr("owner")}, {ChatFor: ptr("")},
		{Filter: &Filter{Words: []string{"two words"}}}, {Filter: &Filter{Words: []string{strings.Repeat("x", MaxWord+1)}}}, {Filter: &Filter{Words: slices.Repeat([]string{"!"}, 1)}}} {
		w.refused(guest("mod"), bad, CodeInvalid)
	}
	if w.do(guest("mod"), SetSettings{}) != nil || w.do(guest("mod"), SetSettings{Chat: ptr(true)}) != nil {
		t.Error("nothing has changed")
	}
	w.do(guest("mod"), SetSettings{ChatFor: ptr("speaker")})
	w.refused(guest("vic"), ChatPost{Text: "x"}, CodeClosed)
	w.post(guest("spk"), "x")
	w.do(guest("mod"), SetSettings{ChatFor: ptr("viewer"), Chat: ptr(false)})
	w.refused(guest("spk"), ChatPost{Text: "x"}, CodeClosed)
	w.post(guest("mod"), "we are back soon")
	w.do(guest("mod"), SetSettings{Chat: ptr(true), SlowModeS: ptr(30)})
	w.post(guest("vic"), "one")
	no := w.refused(guest("vic"), ChatPost{Text: "two"}, CodeSlowDown)
	if no.Retry != 29*time.Second {
		t.Errorf("wait %v", no.Retry)
	}
	w.post(guest("vera"), "one")
	w.post(guest("spk"), "one")
	w.post(guest("spk"), "two")
	w.later(30 * time.Second)
	w.post(guest("vic"), "two")
}

func TestFilter(t *testing.T) {
	w := moderated(t)
	w.do(guest("mod"), SetSettings{Filter: &Filter{Words: []string{"Turnip", "turnip", "  ", "rübe"}}})
	for given, want := range map[string]string{
		"I like turnips.":   "I like turnips.",
		"A turnip!":         "A •••••••",
		"TURNIP, tUrNiIiP;": "••••••, ••••••••;",
		"t u r n i p":       "t u r n i p",
		"turn1p turnïp":     "•••••• ••••••",
		"ruebe rube RÜBE":   "ruebe •••• ••••",
		"тurniр":            "••••••",
	} {
		id := w.post(guest("vic"), given)
		i, _ := w.s.chat.find(id)
		if got := w.s.chat.recent[i].text; got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
	w.do(guest("mod"), SetSettings{Filter: &Filter{Words: []string{"turnip"}, Refuse: true}})
	w.refused(guest("vic"), ChatPost{Text: "my turnip"}, CodeInvalid)
	w.post(guest("vic"), "my turnips")
	for _, to := range []Class{Audience, Staff, Moderators} {
		if has := strings.Contains(fmt.Sprint(w.s.Snapshot(to).Settings.Filter.Words), "turnip"); has != to.Moderates() {
			t.Errorf("class %d learns the words: %t", to, has)
		}
	}
}

// A long text of hostile words costs what it is long.
func BenchmarkFilter(b *testing.B) {
	w := moderated(b)
	var words []string
	for i := range 100 {
		words = append(words, strings.Repeat("a", i%30+1)+fmt.Sprint(i))
	}
	w.do(guest("mod"), SetSettings{Filter: &Filter{Words: words}})
	text := strings.Repeat("a", MaxChatText)
	b.ReportAllocs()
	for b.Loop() {
		if _, no := w.s.filtered("text", text); no != nil {
			b.Fatal(no)
		}
	}
}

func TestWaitingRoom(t *testing.T) {
	w := newWorld(t)
	w.admit("vera") // confirmed before the doors open
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	w.do(manager("ada"), SetSettings{Locked: ptr(true)})
	w.admit("mod", "spk", "vic")
	for name, want := range map[string]Phase{"vera": PhaseLive, "mod": PhaseLive, "spk": PhaseLive, "vic": PhaseWaiting} {
		if got := w.s.Phase(w.person(name), guest(name)); got != want {
			t.Errorf("%s is in phase %s", name, got)
		}
	}
	if y := w.s.You(w.person("vic"), guest("vic")); y.WaitsSince == 0 || len(y.Rights) != 0 {
		t.Errorf("%+v", y)
	}
	if k := w.s.KnockPage(KnockPage{}); k.Total != 1 || k.Items[0].Participant != "p_vic" || w.s.Page(PeoplePage{}).Total != 3 {
		t.Errorf("%+v, %d people", k, w.s.Page(PeoplePage{}).Total)
	}
	w.refused(guest("mod"), GrantEntry{}, CodeInvalid)
	w.refused(guest("mod"), GrantEntry{Participants: Knockers{IDs: []ParticipantID{"p_x"}}}, CodeNotFound)
	w.do(guest("mod"), GrantEntry{Participants: Knockers{IDs: []ParticipantID{"p_vic"}}})
	if w.do(manager("ada"), GrantEntry{Participants: Knockers{IDs: []ParticipantID{"p_vic"}}}) != nil {
		t.Error("let in twice")
	}
	w.refused(manager("ada"), DenyEntry{Participants: Knockers{IDs: []ParticipantID{"p_vic"}}}, CodeConflict)
	w.post(guest("vic"), "thank you")
	w.do(manager("ada"), FreeDevices{Invitation: "i_vic"})
	w.admit("vic")
	w.do(manager("ada"), SetRole{Participant: "p_vic", Role: "speaker"})
	if got := w.s.Phase(w.person("vic"), guest("vic")); got != PhaseLive {
		t.Errorf("staff wait in phase %s", got)
	}
}

// Who confirmed early waits too, if the room is locked when it opens.
func TestLockedBeforeTheDoorsOpen(t *testing.T) {
	w := newWorld(t)
	site := *DefaultSite()
	site.EarlyMinutes = 60
	w.s.Under(&site)
	w.now = moment(noon - 1_800_000)
	w.do(system, BackstageDue{})
	w.admit("vic", "mod")
	w.do(guest("mod"), SetSettings{Locked: ptr(true)})
	w.open()
	if got := w.s.Phase(w.person("vic"), guest("vic")); got != PhaseWaiting {
		t.Errorf("phase %s", got)
	}
	w.do(guest("mod"), DenyEntry{Participants: Knockers{All: true}, Reason: "Full"})
	w.refused(guest("vic"), Enter{}, CodeRemoved)
	w.do(guest("vic"), OpenLink{})
	w.admit("vic")
	w.do(guest("mod"), SetSettings{Locked: ptr(false)})
	w.post(guest("vic"), "in")
}

func TestAnnouncements(t *testing.T) {
	w := moderated(t)
	w.refused(guest("spk"), Announce{Text: "x"}, CodeForbidden)
	w.refused(guest("mod"), Announce{Text: " "}, CodeInvalid)
	w.refused(guest("mod"), Announce{Text: strings.Repeat("x", MaxAnnouncement+1)}, CodeInvalid)
	w.refused(guest("mod"), Announce{Text: "x", To: "moon"}, CodeInvalid)
	w.refused(guest("mod"), Announce{Text: "x", ExpiresInS: -1}, CodeInvalid)
	var last string
	for i := range 4 {
		last = MessageID(w.do(guest("mod"), Announce{Text: fmt.Sprint("news ", i), ExpiresInS: 60})[0].Seq)
	}
	w.do(guest("mod"), Announce{Text: "hush", To: ToStaff})
	if all := w.s.Snapshot(Waiting).Announcements; len(all) != keptAnnounced || all[1].Text != "news 3" || all[1].ExpiresAt == 0 {
		t.Errorf("%+v", all)
	}
	w.do(manager("ada"), WithdrawAnnouncement{last})
	w.refused(manager("ada"), WithdrawAnnouncement{last}, CodeNotFound)
	if all := w.s.Snapshot(Staff).Announcements; len(all) != 2 || w.s.Snapshot(Audience).Announcements[0].Text != "news 2" {
		t.Errorf("%+v", all)
	}
}

func TestPin(t *testing.T) {
	w := moderated(t)
	one, two := w.post(guest("vic"), strings.Repeat("long ", 100)), w.post(guest("spk"), "two")
	w.refused(guest("spk"), SetPin{one}, CodeForbidden)
	w.refused(guest("mod"), SetPin{"m999"}, CodeNotFound)
	w.do(guest("mod"), SetPin{one})
	if pin := w.s.Snapshot(Audience).Pin; pin == nil || pin.Name != "vic G" || pin.By.Name != "mod G" || len([]rune(pin.Text)) != MaxPinned+1 {
		t.Errorf("%+v", pin)
	}
	w.do(guest("mod"), SetPin{two})
	if events := w.do(guest("spk"), ChatDelete{two}); len(events) != 2 || w.s.Snapshot(Audience).Pin != nil {
		t.Error("a deleted message stays pinned")
	}
	w.do(guest("mod"), SetPin{one})
	w.do(guest("mod"), ClearChat{})
	if snap := w.s.Snapshot(Audience); snap.Pin != nil || len(snap.Chat.Items) != 0 || snap.Chat.More {
		t.Errorf("%+v", snap)
	}
	if w.do(guest("mod"), ClearChat{}) != nil {
		t.Error("cleared twice")
	}
}

func TestReports(t *testing.T) {
	w := moderated(t)
	id := w.post(guest("vic"), "rude")
	w.refused(guest("vic"), ReportMessage{ID: id}, CodeConflict)
	w.do(guest("vera"), ReportMessage{ID: id, Reason: "That is rude."})
	if w.do(guest("vera"), ReportMessage{ID: id, Reason: "Again!"}) != nil {
		t.Error("reported twice by one")
	}
	w.do(guest("spk"), ReportMessage{ID: id})
	m := w.s.ModerationPage()
	if len(m.Reports) != 1 || m.Reports[0].Times != 2 || m.Reports[0].Text != "rude" || m.Reports[0].Reasons[0].Reason != "That is rude." {
		t.Errorf("%+v", m)
	}
	w.do(guest("mod"), SettleReport{id})
	if len(w.s.Snapshot(Moderators).Reports) != 0 {
		t.Error("settled and still open")
	}
	w.do(guest("vera"), ReportMessage{ID: id})
	w.do(guest("mod"), ChatDelete{id})
	if len(w.s.Snapshot(Moderators).Reports) != 0 {
		t.Error("deleted and still open")
	}
}

// Who reports everything does not get rid of what others reported of theirs.
func TestOneReportsSoMuchAtATime(t *testing.T) {
	w := moderated(t)
	rude := w.post(guest("vic"), "rude")
	w.do(guest("vera"), ReportMessage{ID: rude})
	var last string
	for i := range mostOwn {
		w.later(time.Second)
		last = w.post(guest("spk"), fmt.Sprint("harmless ", i))
		w.do(guest("vic"), ReportMessage{ID: last})
	}
	harmless := w.post(guest("spk"), "harmless, too")
	w.refused(guest("vic"), ReportMessage{ID: harmless}, CodeConflict)
	w.do(guest("vera"), ReportMessage{ID: harmless})
	if w.s.reportOf(rude) < 0 {
		t.Error("what others reported is pushed out")
	}
	w.do(guest("mod"), SettleReport{last})
	w.do(guest("vic"), ReportMessage{ID: harmless})
}

func TestStageSource(t *testing.T) {
	w := moderated(t)
	site := *DefaultSite()
	site.StageOrigins = []string{"https://video.example.org"}
	w.s.Under(&site)
	for _, bad := range []SetSource{{}, {URL: "https://video.example.org/1", None: true}, {URL: "http://video.example.org/1"}, {URL: "https://video.example.org.evil.example/"},
		{URL: "https://user@video.example.org/"}, {URL: "https://video.example.org:444/"}, {URL: "javascript:alert(1)"}, {URL: "https://evil.example/https://video.example.org"},
		{URL: "https://video.example.org/\"><script>"}, {URL: "https://video.example.org\\@evil.example/"}, {URL: "https://video.example.org/" + strings.Repeat("x", MaxSource)}, {URL: "//video.example.org/1"}} {
		w.refused(guest("mod"), bad, CodeInvalid)
	}
	w.refused(guest("spk"), SetSource{URL: "https://video.example.org/1"}, CodeForbidden)
	w.do(guest("mod"), SetSource{URL: "https://video.example.org:443/embed/1?autoplay=0#t"})
	if w.s.Snapshot(Audience).Source == nil || w.s.Snapshot(Waiting).Source != nil {
		t.Error("the stage is seen from outside, or not inside")
	}
	w.do(guest("mod"), SetSource{None: true})
	if w.s.Snapshot(Audience).Source != nil {
		t.Error("still on the stage")
	}
}

func TestStageOrigins(t *testing.T) {
	w := newSite(t)
	set := func(all ...string) SetSite { return SetSite{SiteChange: SiteChange{StageOrigins: &all}} }
	for _, bad := range []string{"", "video.example.org", "http://video.example.org", "https://", "https://*.example.org", "https://a.example/x", "https://a.example; script-src *", "https://a b", "https://u@a.example", "https://a.example?x", "https://a.example:x"} {
		w.refused(siteOwner, set(bad), CodeInvalid)
	}
	w.refused(siteOwner, set(manyOrigins(maxOrigins+1)...), CodeInvalid)
	w.do(siteOwner, set("https://Video.example.org/", "https://a.example:443", "https://a.example"))
	if got := w.s.Site().StageOrigins; !slices.Equal(got, []string{"https://a.example", "https://video.example.org"}) {
		t.Errorf("%v", got)
	}
	if w.do(siteOwner, set("https://a.example", "https://video.example.org")) != nil {
		t.Error("nothing has changed")
	}
	w.do(siteOwner, set())
	if len(w.s.Site().StageOrigins) != 0 {
		t.Error("still allowed")
	}
}

func manyOrigins(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("https://v%d.example", i))
	}
	return all
}

func TestTheSitesWordsHoldInEveryRoom(t *testing.T) {
	w := chatWorld(t)
	site := *DefaultSite()
	SiteChange{Words: &[]string{"darn"}}.into(&site)
	w.s.Under(&site)
	said := func(c Command) string { return w.do(guest("vera"), c)[0].Fact.(ChatPosted).Text }
	if got := said(ChatPost{Text: "darn it, DÄRN!"}); got != "•••• it, •••••" && got != "•••• it, ••••!" {
		t.Errorf("%q", got)
	}
	if q := w.do(guest("vera"), QuestionAsk{Text: "why d@rn"})[0].Fact.(QuestionAsked); q.Text != "why ••••" {
		t.Errorf("%q", q.Text)
	}
	w.do(guest("mod"), SetSettings{Filter: &Filter{Words: []string{"drat"}, Refuse: true}})
	w.refused(guest("vera"), ChatPost{Text: "drat"}, CodeInvalid)
	if got := said(ChatPost{Text: "darn"}); got != "••••" {
		t.Errorf("the site masks, but %q", got)
	}
	refusing := site
	SiteChange{RefuseWords: ptr(true)}.into(&refusing)
	w.s.Under(&refusing)
	w.refused(guest("vera"), ChatPost{Text: "darn"}, CodeInvalid)
	w.do(guest("mod"), BackchannelPost{Text: "darn drat"})
	link := w.do(manager("ada"), MakeGuestLink{ID: "g", Label: "L"})
	if len(link) == 0 {
		t.Fatal("no guest link")
	}
	by := Actor{Device: HashOf("gus")}
	w.refused(by, JoinAsGuest{ID: "g", Link: 1, Invitation: "i_gus", Participant: "p_gus", FirstName: "Darn", LastName: "Gus"}, CodeInvalid)
	w.do(by, JoinAsGuest{ID: "g", Link: 1, Invitation: "i_gus", Participant: "p_gus", FirstName: "Darnell", LastName: "Gus"})
}
