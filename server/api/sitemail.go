package api

import (
	"net/http"

	"golang.org/x/text/language"

	"greenroom/hub/room"
	"greenroom/server/mail"
)

// siteMailView is the site's mails in HTTP answers.
type siteMailView struct {
	Version       room.Seq       `json:"version"`
	Ready         bool           `json:"ready"`            // a mail server is named
	Sender        string         `json:"sender,omitempty"` // whom the mails are from
	Invitations   bool           `json:"invitations"`      // may be mailed
	Language      string         `json:"language"`
	Zone          string         `json:"zone"`
	ReplyToHost   bool           `json:"reply_to_inviter"`
	Tokens        []string       `json:"tokens"`
	Conditions    []string       `json:"conditions"`
	Templates     []templateView `json:"templates"` // these three: of the invitation
	Kinds         []kindView     `json:"kinds"`
	TestAddress   string         `json:"test_address,omitempty"` // where a test goes
	MostTemplates int            `json:"most_templates"`
}

// kindView is a kind of mail: what its templates may hold, and which there are.
type kindView struct {
	Kind       mail.Kind      `json:"kind"`
	Tokens     []string       `json:"tokens"`
	Conditions []string       `json:"conditions"`
	Templates  []templateView `json:"templates"`
}

// templateView is a mail of a kind in a language.
type templateView struct {
	Kind      mail.Kind `json:"kind"`
	Language  string    `json:"language"`
	Own       bool      `json:"own"`      // else what we write ourselves
	BuiltIn   bool      `json:"built_in"` // there is one of ours to go back to
	Version   room.Seq  `json:"version"`  // 0: not an own one
	ChangedAt string    `json:"changed_at,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	HTML      string    `json:"html,omitempty"`
	Text      string    `json:"text,omitempty"`
}

func viewTemplate(kind mail.Kind, code string, t room.MailTemplate, own bool) templateView {
	v := templateView{Kind: kind, Language: code, Own: own}
	source, ours := mail.BuiltIn(kind, code)
	v.BuiltIn, v.Subject, v.HTML, v.Text = ours, source.Subject, source.HTML, source.Text
	if own {
		v.Version, v.ChangedAt = t.Version, moment(t.At)
		v.Subject, v.HTML, v.Text = t.Subject, t.HTML, t.Text
	}
	return v
}

func (a *API) viewSiteMail(who asker, m room.SiteMail) siteMailView {
	v := siteMailView{Version: m.Version, Ready: a.mailer != nil, Invitations: !m.Off, Language: m.Language, Zone: m.Zone, ReplyToHost: m.ReplyTo,
		MostTemplates: room.MaxTemplates}
	for _, kind := range mail.Kinds() {
		v.Kinds = append(v.Kinds, viewKind(kind, m.Templates))
	}
	v.Tokens, v.Conditions, v.Templates = v.Kinds[0].Tokens, v.Kinds[0].Conditions, v.Kinds[0].Templates
	if a.mailer != nil {
		from := a.mailer.From()
		if v.Sender = from.Address; from.Name != "" {
			v.Sender = from.Name + " <" + from.Address + ">"
		}
	}
	if who.person.Verified {
		v.TestAddress = who.person.Email
	}
	return v
}

// viewKind lists the templates of a kind without their texts: ours first, or
// what stands in their place.
func viewKind(kind mail.Kind, all room.MailTemplates) kindView {
	v := kindView{Kind: kind, Tokens: kind.Tokens(), Conditions: kind.Conditions()}
	if v.Conditions == nil {
		v.Conditions = []string{}
	}
	list := func(code string, t room.MailTemplate, own bool) {
		one := viewTemplate(kind, code, t, own)
		one.Subject, one.HTML, one.Text = "", "", ""
		v.Templates = append(v.Templates, one)
	}
	for _, code := range mail.BuiltIns() {
		t, own := all.In(string(kind), code)
		list(code, t, own)
	}
	for _, t := range all.Of(string(kind)) {
		if _, ours := mail.BuiltIn(kind, t.Language); !ours {
			list(t.Language, t, true)
		}
	}
	return v
}

func (a *API) getSiteMail(w http.ResponseWriter, r *http.Request) error {
	who, err := a.siteAdmin(r)
	if err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), room.SiteID)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.viewSiteMail(who, state.Site().Mail))
}

type siteMailBody struct {
	Version     *room.Seq `json:"version"`
	Invitations *bool     `json:"invitations"`
	Language    *string   `json:"language"`
	Zone        *string   `json:"zone"`
	ReplyToHost *bool     `json:"reply_to_inviter"`
}

func (in siteMailBody) command() (c room.SetSiteMail, err error) {
	c = room.SetSiteMail{Expect: in.Version, MailChange: room.MailChange{Language: in.Language, Zone: in.Zone, ReplyTo: in.ReplyToHost}}
	if in.Invitations != nil {
		off := !*in.Invitations
		c.Off = &off
	}
	if in.Language != nil {
		code, err := checkLanguage("language", *in.Language)
		if err != nil {
			return c, err
		}
		c.Language = &code
	}
	if in.Zone != nil {
		_, err = checkZone("zone", *in.Zone)
	}
	return c, err
}

func (a *API) patchSiteMail(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in siteMailBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	c, err := in.command()
	if err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.viewSiteMail(who, out.State.Site().Mail))
}

// templateAsked reads which template is meant: the language in its address,
// and its kind, which is the invitation if nothing is said.
func templateAsked(r *http.Request) (kind mail.Kind, code string, err error) {
	kind = mail.KindInvitation
	if q := r.URL.Query(); q.Has("kind") {
		kind = mail.Kind(q.Get("kind"))
	}
	if !kind.Known() {
		return kind, "", invalid("kind", "is no kind of mail")
	}
	given := r.PathValue("language")
	if tag, err := language.Parse(given); err == nil && given != "" && !tag.IsRoot() && len(given) <= longestLanguage {
		return kind, tag.String(), nil
	}
	return kind, "", invalid("language", "is not a language, as in en or de-AT")
}

// getTemplate gives the template that is in use for this kind and exactly this
// language.
func (a *API) getTemplate(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	kind, code, err := templateAsked(r)
	if err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), room.SiteID)
	if err != nil {
		return err
	}
	t, own := state.Site().Mail.Templates.In(string(kind), code)
	if _, ours := mail.BuiltIn(kind, code); !own && !ours {
		return errNotFound
	}
	return answer(w, http.StatusOK, viewTemplate(kind, code, t, own))
}

type templateBody struct {
	Version *room.Seq `json:"version"`
	Subject string    `json:"subject"`
	HTML    string    `json:"html"`
	Text    string    `json:"text"`
}

// parse judges a template. What is wrong is told by field, with its place.
func (in *templateBody) parse(kind mail.Kind) (*mail.Template, error) {
	in.Subject, in.HTML, in.Text = normal(in.Subject), normal(in.HTML), normal(in.Text)
	t, faults := mail.ParseTemplate(kind, mail.Source{Subject: in.Subject, HTML: in.HTML, Text: in.Text})
	if len(faults) == 0 {
		return t, nil
	}
	no := &room.Refusal{Code: room.CodeInvalid, Message: "The template cannot be read.", Fields: map[string]string{}}
	for _, f := range faults {
		no.Fields[f.Field] = f.Error()
	}
	return nil, no
}

func (a *API) putTemplate(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in templateBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	kind, code, err := templateAsked(r)
	if err != nil {
		return err
	}
	if _, err := in.parse(kind); err != nil {
		return err
	}
	c := room.SetTemplate{Kind: string(kind), Language: code, Subject: in.Subject, HTML: in.HTML, Text: in.Text, Expect: in.Version}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil)
	if err != nil {
		return err
	}
	t, own := out.State.Site().Mail.Templates.In(string(kind), code)
	return answer(w, http.StatusOK, viewTemplate(kind, code, t, own))
}

func (a *API) deleteTemplate(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	kind, code, err := templateAsked(r)
	if err != nil {
		return err
	}
	if _, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), room.RemoveTemplate{Kind: string(kind), Language: code}, nil); err != nil {
		return err
	}
	return done(w)
}
