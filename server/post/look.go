package post

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mail"
)

// template chooses what the site's owner has written for a kind of mail, where
// there is something for the reader: in the reader's language, else in English
// unless we ourselves write the reader's. It gives the language to write in;
// without a template we write ourselves.
func (o *Office) template(kind mail.Kind, language string) (*mail.Template, string) {
	all := o.rooms.Site().Mail.Templates
	t, found := all.For(string(kind), language)
	if !found && !mail.Speaks(language) {
		t, found = all.For(string(kind), "en")
	}
	if !found {
		return nil, language
	}
	parsed, faults := mail.ParseTemplate(kind, mail.Source{Subject: t.Subject, HTML: t.HTML, Text: t.Text})
	if len(faults) > 0 { // it was good for the release that took it
		o.log.Warn("a template cannot be read any more", "about", kind, "language", t.Language, "field", faults[0].Field, "error", faults[0])
		return nil, language
	}
	return parsed, t.Language
}

// look is how the site presents itself in its mails.
func (o *Office) look(ctx context.Context) (mail.Look, error) {
	site := o.rooms.Site()
	l := mail.Look{Site: cmp.Or(site.Name, o.public.Host), Theme: room.ThemeOf(site.Accent)}
	var err error
	l.Logo, err = o.logo(ctx, site.Logo.Hash)
	return l, err
}

// logo gives the site's picture: nothing where there is none, or where another
// one has just taken its place.
func (o *Office) logo(ctx context.Context, name string) (mail.Picture, error) {
	o.mu.Lock()
	kept := o.picture
	o.mu.Unlock()
	if kept.hash == name {
		return kept.Picture, nil
	}
	var hash [32]byte
	if n, err := hex.DecodeString(name); err != nil || copy(hash[:], n) != len(hash) {
		return mail.Picture{}, nil
	}
	kind, content, err := o.store.Logo(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return mail.Picture{}, nil
	}
	if err != nil {
		return mail.Picture{}, err
	}
	kept = picture{name, mail.Picture{Kind: kind, Content: content}}
	o.mu.Lock()
	o.picture = kept
	o.mu.Unlock()
	return kept.Picture, nil
}

// picture is the logo that was read last.
type picture struct {
	hash string // empty: none
	mail.Picture
}
