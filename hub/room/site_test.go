package room

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// wholeSite is a change of every setting.
func wholeSite() SiteChange {
	return SiteChange{Name: ptr("Tea rooms"), Accent: ptr("#0a5c8f"), Logo: &Logo{strings.Repeat("ab", 32), "image/png"}, Invitations: ptr(false), LinkMinutes: ptr(60),
		LinkFixed: ptr(true), Devices: ptr(0), Inviters: &Circle{SiteAdmin, []PersonID{"a_1"}, []GroupID{"g_1"}}, Creators: &Circle{SiteOwner, []PersonID{"a_2"}, nil},
		EarlyMinutes: ptr(15), LobbyViewer: ptr(ProofCode), LobbySpeaker: ptr(ProofCode), LobbyModerator: ptr(ProofCode), ContentDays: ptr(30), IPDays: ptr(3), AuditDays: ptr(100)}
}

var siteOwner = Actor{Account: "a_site", SiteRole: SiteOwner}

// newSite is the world of the site's log.
func newSite(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, s: New(SiteID), now: moment(noon)}
	w.do(system, FoundSite{})
	return w
}

func TestASiteIsFoundedOnce(t *testing.T) {
	w := newSite(t)
	if again := w.do(system, FoundSite{}); again != nil {
		t.Errorf("founded again: %v", again)
	}
	w.refused(siteOwner, FoundSite{}, CodeForbidden)
	empty := New(SiteID)
	if _, err := empty.Decide(siteOwner, SetSite{SiteChange: wholeSite()}, "", w.now); !errors.Is(err, CodeUnavailable) {
		t.Errorf("changed before it was founded: %v", err)
	}
	if !reflect.DeepEqual(w.s.Site(), DefaultSite()) {
		t.Errorf("a new site is %+v", w.s.Site())
	}
}

func TestEverySettingIsKept(t *testing.T) {
	w := newSite(t)
	w.do(siteOwner, SetSite{SiteChange: wholeSite()})
	want := Site{Version: 2, Name: "Tea rooms", Accent: "#0a5c8f", Logo: Logo{strings.Repeat("ab", 32), "image/png"}, LinkMinutes: 60, LinkFixed: true,
		Inviters: Circle{SiteAdmin, []PersonID{"a_1"}, []GroupID{"g_1"}}, Creators: Circle{SiteOwner, []PersonID{"a_2"}, nil},
		EarlyMinutes: 15, Absence: AbsenceRule{AbsenceNothing, 10}, Lobby: LobbyProof{ProofCode, ProofCode, ProofCode}, Retention: Retention{30, 3, 100}}
	if diff := cmp.Diff(want, *w.s.Site()); diff != "" {
		t.Error(diff)
	}
	if again := w.do(siteOwner, SetSite{SiteChange: wholeSite()}); again != nil {
		t.Errorf("what is so already is a fact: %v", again)
	}
	only := w.do(siteOwner, SetSite{SiteChange: SiteChange{Name: ptr(" Tea\trooms "), Devices: ptr(3)}})
	if diff := cmp.Diff(SiteChanged{"a_site", SiteChange{Devices: ptr(3)}}, only[0].Fact); diff != "" {
		t.Error(diff)
	}
	if fresh := replay(SiteID, w.log); !reflect.DeepEqual(fresh.Site(), w.s.Site()) {
		t.Errorf("the log folds to %+v", fresh.Site())
	}
}

func TestTheSecondOfTwoEditsIsTold(t *testing.T) {
	w := newSite(t)
	at := w.s.Site().Version
	w.do(siteOwner, SetSite{SiteChange{Name: ptr("One")}, &at})
	w.refused(siteOwner, SetSite{SiteChange{Name: ptr("Two")}, &at}, CodeConflict)
	w.do(siteOwner, SetSite{SiteChange{Name: ptr("Two")}, nil})
	at = w.s.Site().Version
	w.do(siteOwner, SetDomain{Domain: "evil.com", Block: true})
	w.do(siteOwner, SetSite{SiteChange{Name: ptr("Three")}, &at}) // a rule is no setting
}

func TestWhoSetsTheSite(t *testing.T) {
	for _, by := range []Actor{{}, {Account: "a"}, {Account: "a", SiteRole: SiteMember}, {Account: "a", SiteRole: SiteAdmin}} {
		w := newSite(t)
		w.refused(by, SetSite{SiteChange: wholeSite()}, CodeForbidden)
		w.refused(by, SetDomain{Domain: "evil.com"}, CodeForbidden)
		w.refused(by, RemoveDomain{Domain: "evil.com"}, CodeForbidden)
	}
}

// Whatever else is asked of the site, it is no room; and a room is no site.
func TestTheSiteIsNoRoom(t *testing.T) {
	w := newSite(t)
	create := CreateRoom{Title: "T", StartsAt: noon + 1000, Owner: SetManager{Participant: "p", Person: "a_site"}}
	for _, c := range []Command{create, Enter{}, OpenDue{}, OpenLink{}, EditRoom{}, DeleteRoom{}, ChatPost{Text: "x"}, LobbyCheck{}, PeoplePage{}} {
		w.refused(siteOwner, c, CodeNotFound)
		w.refused(system, c, CodeNotFound)
	}
	tea := newWorld(t)
	for _, by := range []Actor{manager("ada"), {Account: "a_ada", SiteRole: SiteOwner}} {
		tea.refused(by, SetSite{SiteChange: wholeSite()}, CodeForbidden)
		tea.refused(by, FoundSite{}, CodeForbidden)
		tea.refused(by, SetDomain{Domain: "evil.com"}, CodeForbidden)
	}
}

func TestSettingsThatDoNotFit(t *testing.T) {
	many := make([]PersonID, maxCircle+1)
	for i := range many {
		many[i] = PersonID(fmt.Sprint("a", i))
	}
	for field, changes := range map[string][]SiteChange{
		"name":          {{Name: ptr(strings.Repeat("x", MaxSiteName+1))}},
		"accent":        {{Accent: ptr("green")}, {Accent: ptr("#fff")}, {Accent: ptr("#ffffff")}, {Accent: ptr("#777778")}, {Accent: ptr("#12345g")}, {Accent: ptr("+123456")}, {Accent: ptr("#+12345")}},
		"link_minutes":  {{LinkMinutes: ptr(0)}, {LinkMinutes: ptr(-1)}, {LinkMinutes: ptr(maxLinkMinutes + 1)}},
		"devices":       {{Devices: ptr(-1)}, {Devices: ptr(MaxDevices + 1)}},
		"host_absent":   {{Absence: &AbsenceRule{"explode", 5}}, {Absence: &AbsenceRule{AbsenceLocks, 0}}},
		"early_minutes": {{EarlyMinutes: ptr(-1)}, {EarlyMinutes: ptr(maxEarlyMinutes + 1)}},
		"inviters":      {{Inviters: &Circle{People: many}}, {Inviters: &Circle{People: []PersonID{""}}}, {Inviters: &Circle{Groups: []GroupID{"a\nb"}}}},
		"creators":      {{Creators: &Circle{Groups: []GroupID{GroupID(strings.Repeat("g", maxID+1))}}}},
		"lobby":         {{LobbyViewer: ptr(Proof(""))}, {LobbySpeaker: ptr(Proof("password"))}, {LobbyModerator: ptr(Proof("Code"))}},
		"content_days":  {{ContentDays: ptr(0)}},
		"ip_days":       {{IPDays: ptr(maxDays + 1)}},
		"audit_days":    {{AuditDays: ptr(-1)}},
	} {
		for _, c := range changes {
			w := newSite(t)
			if no := w.refused(siteOwner, SetSite{SiteChange: c}, CodeInvalid); no.Fields[field] == "" {
				t.Errorf("%s: %v", field, no.Fields)
			}
		}
	}
	w := newSite(t)
	w.do(siteOwner, SetSite{SiteChange: SiteChange{Creators: &Circle{SiteMember, []PersonID{"b", "a", "b"}, []GroupID{}}}})
	if got := w.s.Site().Creators; !reflect.DeepEqual(got, Circle{SiteMember, []PersonID{"a", "b"}, nil}) {
		t.Errorf("a circle is kept as %+v", got)
	}
}

func TestCircles(t *testing.T) {
	named := Circle{People: []PersonID{"a_ada"}, Groups: []GroupID{"g_tea"}}
	for _, row := range []struct {
		circle Circle
		by     Actor
		want   bool
	}{
		{Circle{Role: SiteMember}, Actor{Account: "a", SiteRole: SiteMember}, true},
		{Circle{Role: SiteMember}, Actor{Account: "a"}, false},
		{Circle{Role: SiteAdmin}, Actor{Account: "a", SiteRole: SiteMember}, false},
		{Circle{}, Actor{Account: "a", SiteRole: SiteMember}, false},
		{Circle{}, Actor{Account: "a", SiteRole: SiteAdmin}, true},
		{Circle{Role: SiteOwner}, Actor{Account: "a", SiteRole: SiteAdmin}, true},
		{Circle{}, Actor{System: true}, true},
		{named, Actor{Account: "a_ada", SiteRole: SiteMember}, true},
		{named, Actor{Account: "a_ada"}, false},
		{named, Actor{Account: "a_eva", SiteRole: SiteMember, Groups: []GroupID{"g_x", "g_tea"}}, true},
		{named, Actor{Account: "a_eva", SiteRole: SiteMember, Groups: []GroupID{"g_x"}}, false},
		{Circle{People: []PersonID{""}}, Actor{SiteRole: SiteMember}, false},
	} {
		if got := row.circle.Includes(row.by); got != row.want {
			t.Errorf("%+v includes %+v: %v", row.circle, row.by, got)
		}
	}
}

// naive is the model of domain rules: of all rules that fit a domain, the one
// with the most labels decides, an exact one before all others.
func naive(rules DomainRules, domain string) bool {
	labels := strings.Split(domain, ".")
	best, blocks := -1, false
	for _, r := range rules {
		own := strings.Split(r.Domain, ".")
		if r.Domain == "" {
			own = nil
		}
		fits := len(own) <= len(labels) && slices.Equal(own, labels[len(labels)-len(own):])
		weight := len(own)
		if r.Exact {
			fits, weight = fits && len(own) == len(labels), 1000
		}
		if fits && weight > best {
			best, blocks = weight, r.Block
		}
	}
	return blocks
}

func TestDomainRulesAreAsTheModelSays(t *testing.T) {
	label := rapid.SampledFrom([]string{"a", "b", "evil", "notevil", "xn--80ak6aa92e", "com", "co", "uk", "-x"})
	domain := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(label, 1, 4).Draw(t, "labels"), ".")
	})
	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: testing.TB(nil), s: New(SiteID), now: moment(noon)}
		w.try(system, FoundSite{})
		for range rapid.IntRange(0, 12).Draw(t, "rules") {
			on := rapid.OneOf(domain, rapid.Just("")).Draw(t, "on")
			exact := on != "" && rapid.Bool().Draw(t, "exact")
			if rapid.IntRange(0, 4).Draw(t, "remove") == 0 {
				w.try(siteOwner, RemoveDomain{on, exact})
				continue
			}
			if _, err := w.try(siteOwner, SetDomain{on, exact, rapid.Bool().Draw(t, "block")}); err != nil {
				t.Fatal(err)
			}
		}
		rules := w.s.Site().Domains
		for range 20 {
			d := domain.Draw(t, "domain")
			if got, want := rules.Blocks(d), naive(rules, d); got != want {
				t.Fatalf("%v blocks %s: %v, want %v", rules, d, got, want)
			}
		}
		if fresh := replay(SiteID, w.log); !reflect.DeepEqual(fresh.Site().Domains, rules) {
			t.Fatalf("the log folds to %v, not %v", fresh.Site().Domains, rules)
		}
	})
}

func TestDomainRules(t *testing.T) {
	w := newSite(t)
	w.do(siteOwner, SetDomain{Domain: "evil.com", Block: true})
	w.do(siteOwner, SetDomain{Domain: "good.evil.com"})
	w.do(siteOwner, SetDomain{Domain: "example.org", Exact: true, Block: true})
	rules := w.s.Site().Domains
	for domain, want := range map[string]bool{"evil.com": true, "a.evil.com": true, "notevil.com": false, "com": false, "good.evil.com": false, "a.good.evil.com": false,
		"example.org": true, "a.example.org": false, "": false, "evil.com.au": false} {
		if got := rules.Blocks(domain); got != want {
			t.Errorf("%q is blocked: %v", domain, got)
		}
	}
	if again := w.do(siteOwner, SetDomain{Domain: "evil.com", Block: true}); again != nil {
		t.Errorf("a rule that is there is a fact: %v", again)
	}
	w.do(siteOwner, SetDomain{Domain: "", Block: true})
	if rules = w.s.Site().Domains; !rules.Blocks("elsewhere.net") || rules.Blocks("good.evil.com") {
		t.Error("only the welcome are let in")
	}
	for _, c := range []SetDomain{{Domain: "EVIL.com"}, {Domain: "bücher.example"}, {Domain: "a b"}, {Domain: strings.Repeat("a", 254)}, {Exact: true}} {
		w.refused(siteOwner, c, CodeInvalid)
	}
	w.do(siteOwner, RemoveDomain{Domain: "evil.com"})
	w.refused(siteOwner, RemoveDomain{Domain: "evil.com"}, CodeNotFound)
	w.refused(siteOwner, RemoveDomain{Domain: "example.org"}, CodeNotFound) // that one is exact
}

func BenchmarkBlocks(b *testing.B) {
	var rules DomainRules
	for i := range MaxDomainRules {
		rules = rules.with(DomainRule{Domain: fmt.Sprintf("d%d.example.org", i), Block: true})
	}
	for b.Loop() {
		rules.Blocks("mail.d2500.example.org")
	}
}

// Settings are audited one by one, with what they were; so are rules.
func TestTheSiteIsAudited(t *testing.T) {
	w := newSite(t)
	audited := func(by Actor, c Command) []Change {
		t.Helper()
		before := w.s
		w.s = w.s.Step()
		events := w.do(by, c)
		act, kept := before.Audit(by, events[0])
		if !kept {
			t.Fatalf("%s is not kept", c.Name())
		}
		return act.Changes
	}
	for _, row := range []struct {
		c    Command
		want []Change
	}{
		{SetSite{SiteChange: SiteChange{Name: ptr("Tea"), Devices: ptr(3), Creators: &Circle{SiteAdmin, []PersonID{"a_1"}, nil}}},
			[]Change{{Field: "name"}, {"creators.a_1", "", "named"}, {"creators.role", "member", "admin"}, {"devices", "1", "3"}}},
		{SetSite{SiteChange: SiteChange{Creators: &Circle{SiteAdmin, nil, []GroupID{"g_1"}}}}, []Change{{"creators.a_1", "named", ""}, {"creators.g_1", "", "named"}}},
		{SetDomain{"evil.com", false, true}, []Change{{"evil.com", "", "block"}}},
		{SetDomain{"evil.com", false, false}, []Change{{"evil.com", "block", "allow"}}},
		{SetDomain{"evil.com", true, true}, []Change{{"=evil.com", "", "block"}}},
		{SetDomain{"", false, true}, []Change{{"*", "", "block"}}},
		{RemoveDomain{"evil.com", false}, []Change{{"evil.com", "allow", ""}}},
	} {
		if got := audited(siteOwner, row.c); !slices.Equal(got, row.want) {
			t.Errorf("%+v is told as %v", row.c, got)
		}
	}
}

func TestSiteRolesGovern(t *testing.T) {
	for by, want := range map[SiteRole][4]bool{
		NoSiteRole: {}, SiteMember: {}, SiteAdmin: {true, true, true, false}, SiteOwner: {true, true, true, true},
	} {
		for other := NoSiteRole; other <= SiteOwner; other++ {
			if by.Governs(other) != want[other] {
				t.Errorf("%q governs %q: %t", by, other, !want[other])
			}
		}
	}
}

// under is a world judged by settings that differ from the default.
func under(t testing.TB, change func(*Site)) *world {
	t.Helper()
	w := newWorld(t)
	site := *DefaultSite()
	change(&site)
	w.s.Under(&site)
	return w
}

func TestInvitationsAreOffForTheWholeSite(t *testing.T) {
	w := under(t, func(s *Site) { s.Invitations = false })
	for _, c := range []Command{invitation("fresh", Viewer), invitation("vera", Moderator), RenewLink{"i_vera"}, MakeGuestLink{ID: "g", Label: "G"}, RenewGuestLink{"g"}} {
		w.refused(manager("ada"), c, CodeCollaborationOff)
	}
	// What there is goes on: links work, and managers look after them.
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", Type: ptr(Speaker)})
	w.do(guest("vera"), OpenLink{})
	w.open()
	w.admit("vera")
	w.do(manager("ada"), FreeDevices{"i_vera"})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	w.s.Under(DefaultSite())
	w.do(manager("ada"), invitation("fresh", Viewer))
}

func TestWhoInvites(t *testing.T) {
	w := under(t, func(s *Site) { s.Inviters = Circle{People: []PersonID{"a_ada"}, Groups: []GroupID{"g_tea"}} })
	w.do(manager("ada"), invitation("one", Viewer))
	w.refused(manager("otto"), invitation("two", Viewer), CodeForbidden)
	w.refused(manager("otto"), RenewLink{"i_vera"}, CodeForbidden)
	otto := manager("otto")
	otto.Groups = []GroupID{"g_tea"}
	w.do(otto, invitation("two", Viewer))
	cora := manager("cora")
	cora.SiteRole = SiteAdmin
	w.do(cora, invitation("three", Viewer))
	w.refused(Actor{Account: "a_cora"}, invitation("four", Viewer), CodeForbidden) // an account no more
}

func TestHowLongALinkWorks(t *testing.T) {
	for _, row := range []struct {
		name  string
		site  func(*Site)
		after time.Duration // from now; 0: to the room's end
	}{
		{"as nobody has said", func(*Site) {}, 24 * time.Hour},
		{"an hour, or to the end", func(s *Site) { s.LinkMinutes = 60 }, 0},
		{"an hour", func(s *Site) { s.LinkMinutes, s.LinkFixed = 60, true }, time.Hour},
		{"two days", func(s *Site) { s.LinkMinutes = 2880 }, 48 * time.Hour},
	} {
		w := under(t, row.site)
		w.do(manager("ada"), invitation("fresh", Viewer))
		want := Millis(w.now.Add(row.after).UnixMilli())
		if row.after == 0 {
			want = w.s.EndsAt
		}
		if got := w.person("fresh").ExpiresAt; got != want {
			t.Errorf("%s: to %d, want %d", row.name, got, want)
		}
		w.later(time.Hour)
		w.do(manager("ada"), RenewLink{"i_fresh"})
		if got := w.person("fresh").ExpiresAt; got < want {
			t.Errorf("%s: the new link ends earlier, at %d", row.name, got)
		}
	}
}

func blocking(domains ...string) func(*Site) {
	return func(s *Site) {
		for _, d := range domains {
			s.Domains = s.Domains.with(DomainRule{Domain: d, Block: true})
		}
	}
}

// at is an invitation to an address at a domain.
func at(domain, name string, role Role) Invite {
	i := invitation(name, role)
	i.Domain = domain
	return i
}

// Blocked domains are refused at each step, but told only to somebody who has
// shown that the address is theirs (SECURITY.md T10, T13).
func TestBlockedDomains(t *testing.T) {
	w := newWorld(t)
	w.do(manager("ada"), at("evil.example", "eve", Viewer))
	w.do(manager("ada"), at("mail.evil.example", "mel", Speaker))
	w.do(manager("ada"), at("good.example", "gus", Viewer))
	w.open()
	w.admit("mel", "gus")
	site := *DefaultSite()
	blocking("evil.example")(&site)
	w.s.Under(&site)

	no := w.refused(manager("ada"), at("evil.example", "new", Viewer), CodeDomainBlocked)
	if no.Domain != "evil.example" || no.Final {
		t.Errorf("an inviter is told %+v", no)
	}
	w.refused(manager("ada"), RenewLink{"i_eve"}, CodeDomainBlocked)

	// Eve has only the link: she looks like anybody until she gives the address.
	w.do(guest("eve"), Enter{})
	if err := w.s.Open(guest("eve"), w.now); err != nil {
		t.Errorf("the holder of a link is told %v", err)
	}
	if no := w.miss(guest("eve")); no.Code != CodeLobbyNoMatch {
		t.Errorf("a wrong address is answered %v", no)
	}
	if no := w.refused(guest("eve"), lobby("eve"), CodeDomainBlocked); no.Domain != "evil.example" || !no.Final {
		t.Errorf("the right address is answered %+v", no)
	}
	if _, claimed := w.person("eve").ClaimOf(guest("eve").Device); claimed {
		t.Error("a blocked address has claimed")
	}
	verified := Actor{Account: "a_eve", Verified: address("eve"), Device: HashOf("device eve")}
	w.refused(verified, Enter{}, CodeDomainBlocked)

	// Mel is inside.
	mel := guest("mel")
	w.refused(mel, Enter{}, CodeDomainBlocked)
	mel.Claim = 1
	w.refused(mel, ChatPost{Text: "still here"}, CodeDomainBlocked)
	if !w.s.Unwelcome(w.person("mel"), mel) || w.s.Unwelcome(w.person("gus"), guest("gus")) || w.s.Unwelcome(w.person("eve"), guest("eve")) || w.s.Unwelcome(w.person("ada"), manager("ada")) {
		t.Error("the wrong people are unwelcome")
	}
	w.do(guest("gus"), ChatPost{Text: "still here"})

	// An old invitation, whose domain the log does not have, is judged by what is typed.
	w.do(manager("ada"), invitation("old", Viewer))
	w.refused(guest("old"), LobbyCheck{Email: "old@evil.example", Match: address("old"), Domain: "evil.example"}, CodeDomainBlocked)

	w.s.Under(DefaultSite())
	w.do(mel, ChatPost{Text: "back"})
	w.admit("eve")
}

func TestBlockedGuests(t *testing.T) {
	w := under(t, blocking("evil.example"))
	w.do(manager("ada"), MakeGuestLink{ID: "g", Label: "Everybody"})
	come := JoinAsGuest{ID: "g", Link: 1, Invitation: "i_new", Participant: "p_new", FirstName: "N", LastName: "N", Domain: "evil.example"}
	by := Actor{Device: HashOf("device new"), Session: HashOf("session new")}
	w.refused(by, come, CodeDomainBlocked)
	come.Domain = "good.example"
	w.do(by, come)
	if got := w.person("new").Domain(); got != "good.example" {
		t.Errorf("the guest's domain is %q", got)
	}
}
