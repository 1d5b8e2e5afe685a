package room

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wholeMail is a change of every setting.
func wholeMail() MailChange {
	return MailChange{Off: ptr(true), Language: ptr("de"), Zone: ptr("Europe/Berlin"), ReplyTo: ptr(true)}
}

func TestSiteMailSettings(t *testing.T) {
	w := newSite(t)
	w.do(siteOwner, SetSiteMail{MailChange: wholeMail()})
	if diff := cmp.Diff(SiteMail{Version: 2, Off: true, Language: "de", Zone: "Europe/Berlin", ReplyTo: true}, w.s.Site().Mail); diff != "" {
		t.Error(diff)
	}
	if again := w.do(siteOwner, SetSiteMail{MailChange: wholeMail()}); again != nil {
		t.Errorf("what is so already is a fact: %v", again)
	}
	only := w.do(siteOwner, SetSiteMail{MailChange{Off: ptr(false), Zone: ptr("Europe/Berlin")}, ptr(Seq(2))})
	if diff := cmp.Diff(SiteMailChanged{"a_site", MailChange{Off: ptr(false)}}, only[0].Fact); diff != "" {
		t.Error(diff)
	}
	w.refused(siteOwner, SetSiteMail{MailChange{Off: ptr(true)}, ptr(Seq(2))}, CodeConflict)
	for _, wrong := range []MailChange{{Language: ptr("de\r\n")}, {Language: ptr(strings.Repeat("d", 36))}, {Zone: ptr("a\nb")}, {Zone: ptr(strings.Repeat("z", 65))}} {
		w.refused(siteOwner, SetSiteMail{MailChange: wrong}, CodeInvalid)
	}
	w.do(siteOwner, SetSiteMail{MailChange: MailChange{Language: ptr(""), Zone: ptr("")}}) // nothing is said is a setting too
	if fresh := replay(SiteID, w.log); !reflect.DeepEqual(fresh.Site(), w.s.Site()) {
		t.Errorf("the log folds to %+v", fresh.Site())
	}
}

func TestTemplates(t *testing.T) {
	w := newSite(t)
	set := func(language, text string) SetTemplate {
		return SetTemplate{Kind: invited, Language: language, Subject: "{title}", HTML: "<p>{link}</p>", Text: text}
	}
	for _, language := range []string{"fr", "de", "de-AT"} {
		w.do(siteOwner, set(language, language))
	}
	all := w.s.Site().Mail.Templates
	for ask, want := range map[string]string{"de": "de", "de-CH": "de", "de-at": "de-AT", "DE": "de", "fr-CA": "fr", "en": "", "": ""} {
		if got, _ := all.For(invited, ask); got.Text != want {
			t.Errorf("for %q: %q", ask, got.Text)
		}
	}
	before := w.s.Site()
	if again := w.do(siteOwner, set("de", "de")); again != nil {
		t.Errorf("what is so already is a fact: %v", again)
	}
	first, _ := all.In(invited, "de")
	other := set("de", "other")
	other.Expect = &first.Version
	w.do(siteOwner, other)
	w.refused(siteOwner, other, CodeConflict)
	fresh := set("es", "es")
	fresh.Expect = ptr(Seq(0))
	w.do(siteOwner, fresh)
	w.refused(siteOwner, fresh, CodeConflict) // somebody was first
	if kept, _ := before.Mail.Templates.In(invited, "de"); kept.Text != "de" {
		t.Error("a setting was changed in place")
	}
	w.do(siteOwner, RemoveTemplate{invited, "DE"})
	w.refused(siteOwner, RemoveTemplate{invited, "de"}, CodeNotFound)
	if got, _ := w.s.Site().Mail.Templates.For(invited, "de"); got.Text != "" {
		t.Errorf("removed: %+v", got)
	}
	if fresh := replay(SiteID, w.log); !reflect.DeepEqual(fresh.Site(), w.s.Site()) {
		t.Errorf("the log folds to %+v", fresh.Site())
	}
}

// A template is of one kind and one language; those of before there were kinds
// are invitations.
func TestTemplatesOfKinds(t *testing.T) {
	w := newSite(t)
	for _, kind := range []string{"moved", invited, "cancelled"} {
		for _, language := range []string{"fr", "de"} {
			w.do(siteOwner, SetTemplate{Kind: kind, Language: language, Text: kind + " " + language})
		}
	}
	all := w.s.Site().Mail.Templates
	for _, kind := range []string{"moved", invited, "cancelled"} {
		if got, _ := all.For(kind, "de-AT"); got.Text != kind+" de" {
			t.Errorf("for %s: %q", kind, got.Text)
		}
		if got := all.Of(kind); len(got) != 2 || got[0].Language != "de" || got[1].Language != "fr" || got[0].Kind != kind {
			t.Errorf("of %s: %+v", kind, got)
		}
	}
	if got := all.Of("renamed"); len(got) != 0 {
		t.Errorf("of a kind without any: %+v", got)
	}
	w.do(siteOwner, RemoveTemplate{"moved", "de"})
	if _, found := w.s.Site().Mail.Templates.In("moved", "de"); found || len(w.s.Site().Mail.Templates) != 5 {
		t.Error("another one was removed")
	}
	old := replay(SiteID, []Event{{Seq: 1, Fact: SiteFounded{}}, {Seq: 2, Fact: TemplateSet{Language: "de", Text: "old"}}, {Seq: 3, Fact: TemplateSet{Language: "en", Text: "old"}}, {Seq: 4, Fact: TemplateRemoved{Language: "en"}}})
	if got := old.Site().Mail.Templates; len(got) != 1 || got[0].Kind != invited || got[0].Language != "de" {
		t.Errorf("an old log folds to %+v", got)
	}
}

func TestTemplatesAreBounded(t *testing.T) {
	w := newSite(t)
	for name, wrong := range map[string]SetTemplate{
		"no language": {Kind: invited, Text: "x"}, "no kind": {Language: "de", Text: "x"}, "no word": {Kind: "a b", Language: "de"}, "long kind": {Kind: strings.Repeat("k", 33), Language: "de"}, "no tag": {Kind: invited, Language: "d e"}, "two lines": {Kind: invited, Language: "de", Subject: "a\nb"},
		"too long": {Kind: invited, Language: "de", HTML: strings.Repeat("x", templateBytes+1)}, "not UTF-8": {Kind: invited, Language: "de", Text: "\xff"},
	} {
		if no := w.refused(siteOwner, wrong, CodeInvalid); no == nil {
			t.Error(name)
		}
	}
	for i := range MaxTemplates {
		w.do(siteOwner, SetTemplate{Kind: invited, Language: fmt.Sprintf("x%d", i), Text: "x"})
	}
	w.refused(siteOwner, SetTemplate{Kind: invited, Language: "de", Text: "x"}, CodeInvalid)
	w.do(siteOwner, SetTemplate{Kind: invited, Language: "x1", Text: "y"})
	for _, by := range []Actor{{}, {Account: "a", SiteRole: SiteMember}, {Account: "a", SiteRole: SiteAdmin}} {
		w.refused(by, SetTemplate{Kind: invited, Language: "x1", Text: "z"}, CodeForbidden)
		w.refused(by, RemoveTemplate{invited, "x1"}, CodeForbidden)
		w.refused(by, SetSiteMail{MailChange: wholeMail()}, CodeForbidden)
	}
}
