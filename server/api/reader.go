package api

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/text/language"

	"greenroom/hub/room"
)

const (
	longestLanguage = 35 // bytes of a tag, RFC 5646 §4.4.1
	longestZone     = 64 // bytes
)

// reader is who reads a mail: in which language, and in which zone times are
// told. Empty fields are the site's.
type reader struct{ language, zone string }

// readerBody is the part of a request that says so.
type readerBody struct {
	Language string `json:"language"`
	Zone     string `json:"zone"`
}

func (in readerBody) check() (who reader, err error) {
	if who.language, err = checkLanguage("language", in.Language); err != nil {
		return who, err
	}
	who.zone, err = checkZone("zone", in.Zone)
	return who, err
}

// checkLanguage takes a tag of BCP 47 and writes it as the registry does.
func checkLanguage(field, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	tag, err := language.Parse(text)
	if err != nil || len(text) > longestLanguage || tag.IsRoot() {
		return "", invalid(field, "is not a language, as in en or de-AT")
	}
	return tag.String(), nil
}

// checkZone takes a name of the IANA time zone database.
func checkZone(field, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if _, err := time.LoadLocation(text); err != nil || text == "Local" || len(text) > longestZone {
		return "", invalid(field, "is not a time zone, as in Europe/Berlin")
	}
	return text, nil
}

// readerOf is the reader of a new invitation: what is said of them, else the
// inviter's own language, which the browser tells.
func readerOf(in readerBody, r *http.Request) (reader, error) {
	who, err := in.check()
	if err != nil || who.language != "" {
		return who, err
	}
	if tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")); err == nil && len(tags) > 0 {
		who.language, _ = checkLanguage("language", tags[0].String())
	}
	return who, nil
}

// rewrite changes how somebody who is invited already is written to, if
// something is said of it.
func (a *API) rewrite(ctx context.Context, id room.ID, inv room.InvitationID, in readerBody) error {
	who, err := in.check()
	if err != nil || who == (reader{}) {
		return err
	}
	return a.store.SetReader(ctx, id, inv, who.language, who.zone)
}
