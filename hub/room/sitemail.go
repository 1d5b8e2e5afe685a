package room

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SiteMail is what the site's mails to invited people are like.
type SiteMail struct {
	Version   Seq    // place of the last change of what a MailChange holds
	Off       bool   // no invitation is mailed
	Language  string // of readers of whom nothing is known, as in BCP 47; empty: English
	Zone      string // in which they are told times, by its IANA name; empty: UTC
	ReplyTo   bool   // replies go to who invited
	Templates MailTemplates
}

// MailTemplate is a mail of one kind in one language, as the border has judged
// it: kind and texts are in the words of package mail.
type MailTemplate struct {
	Kind     string
	Language string
	Version  Seq    // place of the last change
	At       Millis // when that was
	Subject  string
	HTML     string
	Text     string
}

// MailTemplates is the templates, ordered by kind and language. It is replaced,
// never changed in place.
type MailTemplates []MailTemplate

// Bounds of the templates.
const (
	MaxTemplates  = 120
	templateBytes = 48 << 10 // of one, all fields together
	languageBytes = 35
	zoneBytes     = 64
	kindBytes     = 32
)

// invited is the kind of the templates that were made when there was no other.
const invited = "invitation"

// In gives the template of this kind and of exactly this language.
func (m MailTemplates) In(kind, language string) (MailTemplate, bool) {
	i, found := m.find(kind, language)
	if !found {
		return MailTemplate{}, false
	}
	return m[i], true
}

// For gives the template of this kind for a reader of this language: of the
// same, or of what stands before its first hyphen.
func (m MailTemplates) For(kind, language string) (MailTemplate, bool) {
	if t, ok := m.In(kind, language); ok {
		return t, true
	}
	first, _, _ := strings.Cut(language, "-")
	return m.In(kind, first)
}

// Of gives the templates of a kind.
func (m MailTemplates) Of(kind string) MailTemplates {
	from, _ := m.find(kind, "")
	to := from
	for to < len(m) && m[to].Kind == kind {
		to++
	}
	return m[from:to:to]
}

func (m MailTemplates) find(kind, language string) (int, bool) {
	return slices.BinarySearchFunc(m, language, func(t MailTemplate, language string) int {
		return cmp.Or(cmp.Compare(t.Kind, kind), cmp.Compare(strings.ToLower(t.Language), strings.ToLower(language)))
	})
}

func (m MailTemplates) with(t MailTemplate) MailTemplates {
	i, found := m.find(t.Kind, t.Language)
	if found {
		m = slices.Clone(m)
		m[i] = t
		return m
	}
	return slices.Insert(slices.Clip(m), i, t)
}

func (m MailTemplates) without(kind, language string) MailTemplates {
	i, found := m.find(kind, language)
	if !found {
		return m
	}
	return slices.Delete(slices.Clone(m), i, i+1)
}

// Commands about the site's mails. Its owner gives them by HTTP.
type (
	// SetSiteMail changes what is not nil.
	SetSiteMail struct {
		MailChange
		Expect *Seq // the Version that the change is meant for; nil: whatever it is
	}
	// SetTemplate makes or changes the template of a kind in a language.
	SetTemplate struct {
		Kind                string
		Language            string
		Subject, HTML, Text string
		Expect              *Seq // the template's Version; 0: there is none; nil: whatever it is
	}
	// RemoveTemplate takes it away: what we write ourselves is sent again.
	RemoveTemplate struct{ Kind, Language string }
)

// MailChange is settings to be set, or that were set: those that are not nil.
type MailChange struct {
	Off      *bool   `json:"off,omitempty"`
	Language *string `json:"language,omitempty"`
	Zone     *string `json:"zone,omitempty"`
	ReplyTo  *bool   `json:"reply_to,omitempty"`
}

// Name implements Command.
func (SetSiteMail) Name() string { return "site.mail_set" }

// Name implements Command.
func (SetTemplate) Name() string { return "site.template_set" }

// Name implements Command.
func (RemoveTemplate) Name() string { return "site.template_remove" }

// Facts about the site's mails.
type (
	// SiteMailChanged holds the settings that are others now.
	SiteMailChanged struct {
		By PersonID `json:"by,omitempty"`
		MailChange
	}
	// TemplateSet is a new or changed template.
	TemplateSet struct {
		Letter   string   `json:"letter,omitempty"` // its kind; empty in old logs: an invitation
		Language string   `json:"language"`
		Subject  string   `json:"subject"`
		HTML     string   `json:"html"`
		Text     string   `json:"text"`
		By       PersonID `json:"by,omitempty"`
	}
	// TemplateRemoved ends one.
	TemplateRemoved struct {
		Letter   string   `json:"letter,omitempty"`
		Language string   `json:"language"`
		By       PersonID `json:"by,omitempty"`
	}
)

// Kind implements Fact.
func (SiteMailChanged) Kind() string { return "site.mail_changed" }

// Kind implements Fact.
func (TemplateSet) Kind() string { return "site.template_set" }

// Kind implements Fact.
func (TemplateRemoved) Kind() string { return "site.template_removed" }

var errChangedMeanwhile = refuse(CodeConflict, "Somebody else has changed this meanwhile.")

func (s *State) decideSetSiteMail(by Actor, c SetSiteMail) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	is := s.Site().Mail
	switch {
	case c.Expect != nil && *c.Expect != is.Version:
		return nil, errChangedMeanwhile
	case c.Language != nil && *c.Language != "" && wrongLanguage(*c.Language):
		return nil, invalid("language", "is no language")
	case c.Zone != nil && (len(*c.Zone) > zoneBytes || cleanLine(*c.Zone) != *c.Zone):
		return nil, invalid("zone", "is no time zone")
	}
	change := c.MailChange
	drop(&change.Off, is.Off)
	drop(&change.Language, is.Language)
	drop(&change.Zone, is.Zone)
	drop(&change.ReplyTo, is.ReplyTo)
	if change == (MailChange{}) {
		return nil, nil
	}
	return []Fact{SiteMailChanged{by.Account, change}}, nil
}

func (s *State) decideSetTemplate(by Actor, c SetTemplate) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	all := s.Site().Mail.Templates
	is, found := all.In(c.Kind, c.Language)
	switch {
	case wrongKind(c.Kind):
		return nil, invalid("kind", "is no kind of mail")
	case wrongLanguage(c.Language):
		return nil, invalid("language", "is no language")
	case c.Expect != nil && *c.Expect != is.Version:
		return nil, errChangedMeanwhile
	case len(c.Subject)+len(c.HTML)+len(c.Text) > templateBytes:
		return nil, invalid("html", "is too long")
	case !utf8.ValidString(c.Subject + c.HTML + c.Text):
		return nil, invalid("html", "is not UTF-8")
	case strings.ContainsAny(c.Subject, "\r\n"):
		return nil, invalid("subject", "is one line")
	case !found && len(all) >= MaxTemplates:
		return nil, invalid("language", "there are 120 templates already")
	case found && is.Subject == c.Subject && is.HTML == c.HTML && is.Text == c.Text:
		return nil, nil
	}
	return []Fact{TemplateSet{c.Kind, c.Language, c.Subject, c.HTML, c.Text, by.Account}}, nil
}

func (s *State) decideRemoveTemplate(by Actor, c RemoveTemplate) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	is, found := s.Site().Mail.Templates.In(c.Kind, c.Language)
	if !found {
		return nil, refuse(CodeNotFound, "There is no such template.")
	}
	return []Fact{TemplateRemoved{is.Kind, is.Language, by.Account}}, nil
}

// wrongKind keeps out what the border would never give.
func wrongKind(kind string) bool {
	return kind == "" || len(kind) > kindBytes || strings.ContainsFunc(kind, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// wrongLanguage keeps out what the border would never give.
func wrongLanguage(tag string) bool {
	return tag == "" || len(tag) > languageBytes || strings.ContainsFunc(tag, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

func (s *State) foldSiteMail(at Seq, f SiteMailChanged) {
	m := s.Site().Mail
	m.Version = at
	put(&m.Off, f.Off)
	put(&m.Language, f.Language)
	put(&m.Zone, f.Zone)
	put(&m.ReplyTo, f.ReplyTo)
	s.foldMail(m)
}

func (s *State) foldTemplate(e Event, f TemplateSet) {
	m := s.Site().Mail
	m.Templates = m.Templates.with(MailTemplate{cmp.Or(f.Letter, invited), f.Language, e.Seq, e.At, f.Subject, f.HTML, f.Text})
	s.foldMail(m)
}

func (s *State) foldTemplateRemoved(f TemplateRemoved) {
	m := s.Site().Mail
	m.Templates = m.Templates.without(cmp.Or(f.Letter, invited), f.Language)
	s.foldMail(m)
}

func (s *State) foldMail(m SiteMail) {
	site := *s.Site()
	site.Mail = m
	s.site = &site
}

// mailChanges compares a change with the settings before it.
func (s *State) mailChanges(f MailChange) (c changes) {
	is := s.Site().Mail
	if f.Off != nil {
		c.value("off", strconv.FormatBool(is.Off), strconv.FormatBool(*f.Off))
	}
	if f.Language != nil {
		c.value("language", is.Language, *f.Language)
	}
	if f.Zone != nil {
		c.value("zone", is.Zone, *f.Zone)
	}
	if f.ReplyTo != nil {
		c.value("reply_to", strconv.FormatBool(is.ReplyTo), strconv.FormatBool(*f.ReplyTo))
	}
	return c
}

// templateChanges says which texts of a template changed, not how.
func (s *State) templateChanges(f TemplateSet) (c changes) {
	is, _ := s.Site().Mail.Templates.In(cmp.Or(f.Letter, invited), f.Language)
	c.value("letter", "", cmp.Or(f.Letter, invited))
	c.value("language", "", f.Language)
	c.written("subject", f.Subject != is.Subject)
	c.written("html", f.HTML != is.HTML)
	c.written("text", f.Text != is.Text)
	return c
}
