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
	Templates     []templateView `json:"templates"`
	TestAddress   string         `json:"test_address,omitempty"` // where a test goes
	MostTemplates int            `json:"most_templates"`
}

// templateView is the invitation mail in a language.
type templateView struct {
	Language  string   `json:"language"`
	Own       bool     `json:"own"`      // else what we write ourselves
	BuiltIn   bool     `json:"built_in"` // there is one of ours to go back to
	Version   room.Seq `json:"version"`  // 0: not an own one
	ChangedAt string   `json:"changed_at,omitempty"`
	Subject   string   `json:"subject,omitempty"`
	HTML      string   `json:"html,omitempty"`
	Text      string   `json:"text,omitempty"`
}

func viewTemplate(code string, t room.MailTemplate, own bool) templateView {
	v := templateView{Language: code, Own: own}
	source, ours := mail.BuiltIn(code)
	v.BuiltIn, v.Subject, v.HTML, v.Text = ours, source.Subject, source.HTML, source.Text
	if own {
		v.Version, v.ChangedAt = t.Version, moment(t.At)
		v.Subject, v.HTML, v.Text = t.Subject, t.HTML, t.Text
	}
	return v
}

// viewSiteMail lists the templates without their texts: ours first, or what
// stands in their place.
func (a *API) viewSiteMail(who asker, m room.SiteMail) siteMailView {
	v := siteMailView{Version: m.Version, Ready: a.mailer != nil, Invitations: !m.Off, Language: m.Language, Zone: m.Zone, ReplyToHost: m.ReplyTo,
		Tokens: mail.Tokens(), Conditions: mail.Conditions(), MostTemplates: room.MaxTemplates}
	if a.mailer != nil {
		from := a.mailer.From()
		if v.Sender = from.Address; from.Name != "" {
			v.Sender = from.Name + " <" + from.Address + ">"
		}
	}
	if who.person.Verified {
		v.TestAddress = who.person.Email
	}
	list := func(code string, t room.MailTemplate, own bool) {
		one := viewTemplate(code, t, own)
		one.Subject, one.HTML, one.Text = "", "", ""
		v.Templates = append(v.Templates, one)
	}
	for _, code := range mail.BuiltIns() {
		t, own := m.Templates.In(code)
		list(code, t, own)
	}
	for _, t := range m.Templates {
		if _, ours := mail.BuiltIn(t.Language); !ours {
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

// templateLanguage reads the language in a template's address.
func templateLanguage(r *http.Request) (string, error) {
	given := r.PathValue("language")
	if tag, err := language.Parse(given); err == nil && given != "" && !tag.IsRoot() && len(given) <= longestLanguage {
		return tag.String(), nil
	}
	return "", invalid("language", "is not a language, as in en or de-AT")
}

// getTemplate gives the template that is in use for exactly this language.
func (a *API) getTemplate(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	code, err := templateLanguage(r)
	if err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), room.SiteID)
	if err != nil {
		return err
	}
	t, own := state.Site().Mail.Templates.In(code)
	if _, ours := mail.BuiltIn(code); !own && !ours {
		return errNotFound
	}
	return answer(w, http.StatusOK, viewTemplate(code, t, own))
}

type templateBody struct {
	Version *room.Seq `json:"version"`
	Subject string    `json:"subject"`
	HTML    string    `json:"html"`
	Text    string    `json:"text"`
}

// parse judges a template. What is wrong is told by field, with its place.
func (in *templateBody) parse() (*mail.Template, error) {
	in.Subject, in.HTML, in.Text = normal(in.Subject), normal(in.HTML), normal(in.Text)
	t, faults := mail.ParseTemplate(mail.Source{Subject: in.Subject, HTML: in.HTML, Text: in.Text})
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
	code, err := templateLanguage(r)
	if err != nil {
		return err
	}
	if _, err := in.parse(); err != nil {
		return err
	}
	c := room.SetTemplate{Language: code, Subject: in.Subject, HTML: in.HTML, Text: in.Text, Expect: in.Version}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil)
	if err != nil {
		return err
	}
	t, own := out.State.Site().Mail.Templates.In(code)
	return answer(w, http.StatusOK, viewTemplate(code, t, own))
}

func (a *API) deleteTemplate(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	code, err := templateLanguage(r)
	if err != nil {
		return err
	}
	if _, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), room.RemoveTemplate{Language: code}, nil); err != nil {
		return err
	}
	return done(w)
}
