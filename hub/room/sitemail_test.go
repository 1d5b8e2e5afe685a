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
		return SetTemplate{Language: language, Subject: "{title}", HTML: "<p>{link}</p>", Text: text}
	}
	for _, language := range []string{"fr", "de", "de-AT"} {
		w.do(siteOwner, set(language, language))
	}
	all := w.s.Site().Mail.Templates
	for ask, want := range map[string]string{"de": "de", "de-CH": "de", "de-at": "de-AT", "DE": "de", "fr-CA": "fr", "en": "", "": ""} {
		if got, _ := all.For(ask); got.Text != want {
			t.Errorf("for %q: %q", ask, got.Text)
		}
	}
	before := w.s.Site()
	if again := w.do(siteOwner, set("de", "de")); again != nil {
		t.Errorf("what is so already is a fact: %v", again)
	}
	first, _ := all.In("de")
	other := set("de", "other")
	other.Expect = &first.Version
	w.do(siteOwner, other)
	w.refused(siteOwner, other, CodeConflict)
	fresh := set("es", "es")
	fresh.Expect = ptr(Seq(0))
	w.do(siteOwner, fresh)
	w.refused(siteOwner, fresh, CodeConflict) // somebody was first
	if kept, _ := before.Mail.Templates.In("de"); kept.Text != "de" {
		t.Error("a setting was changed in place")
	}
	w.do(siteOwner, RemoveTemplate{"DE"})
	w.refused(siteOwner, RemoveTemplate{"de"}, CodeNotFound)
	if got, _ := w.s.Site().Mail.Templates.For("de"); got.Text != "" {
		t.Errorf("removed: %+v", got)
	}
	if fresh := replay(SiteID, w.log); !reflect.DeepEqual(fresh.Site(), w.s.Site()) {
		t.Errorf("the log folds to %+v", fresh.Site())
	}
}

func TestTemplatesAreBounded(t *testing.T) {
	w := newSite(t)
	for name, wrong := range map[string]SetTemplate{
		"no language": {Text: "x"}, "no tag": {Language: "d e"}, "two lines": {Language: "de", Subject: "a\nb"},
		"too long": {Language: "de", HTML: strings.Repeat("x", templateBytes+1)}, "not UTF-8": {Language: "de", Text: "\xff"},
	} {
		if no := w.refused(siteOwner, wrong, CodeInvalid); no == nil {
			t.Error(name)
		}
	}
	for i := range MaxTemplates {
		w.do(siteOwner, SetTemplate{Language: fmt.Sprintf("x%d", i), Text: "x"})
	}
	w.refused(siteOwner, SetTemplate{Language: "de", Text: "x"}, CodeInvalid)
	w.do(siteOwner, SetTemplate{Language: "x1", Text: "y"})
	for _, by := range []Actor{{}, {Account: "a", SiteRole: SiteMember}, {Account: "a", SiteRole: SiteAdmin}} {
		w.refused(by, SetTemplate{Language: "x1", Text: "z"}, CodeForbidden)
		w.refused(by, RemoveTemplate{"x1"}, CodeForbidden)
		w.refused(by, SetSiteMail{MailChange: wholeMail()}, CodeForbidden)
	}
}
