package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// pictures are the kinds that a logo may have, by how they begin. SVG is none:
// it can hold scripts.
var pictures = []struct {
	kind  string
	begin []byte
	then  []byte // at byte 8
}{
	{"image/png", []byte("\x89PNG\r\n\x1a\n"), nil},
	{"image/jpeg", []byte("\xff\xd8\xff"), nil},
	{"image/webp", []byte("RIFF"), []byte("WEBP")},
}

// sniff gives the kind of a picture by its content; empty: none that we take.
func sniff(content []byte) string {
	for _, p := range pictures {
		if bytes.HasPrefix(content, p.begin) && (p.then == nil || len(content) > 12 && bytes.HasPrefix(content[8:], p.then)) {
			return p.kind
		}
	}
	return ""
}

var errNotPicture = refuse(room.CodeBadRequest, "A PNG, JPEG or WebP picture is wanted, with its content type.")

// readPicture reads a body that is a picture. None of its content types can be
// sent by a form.
func readPicture(w http.ResponseWriter, r *http.Request) (content []byte, kind string, err error) {
	kind, _, err = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "image/png" && kind != "image/jpeg" && kind != "image/webp" {
		return nil, "", errNotPicture
	}
	if content, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		return nil, "", brokenOff(err)
	}
	if sniff(content) != kind {
		return nil, "", invalid("logo", "is no such picture")
	}
	return content, kind, nil
}

// putLogo keeps a picture as a row and names it in the settings, in one commit.
func (a *API) putLogo(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	content, kind, err := readPicture(w, r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	return a.setLogo(w, r, who, room.Logo{Hash: hex.EncodeToString(sum[:]), Kind: kind}, store.LogoRow{Hash: sum, Kind: kind, Content: content})
}

func (a *API) deleteLogo(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	return a.setLogo(w, r, who, room.Logo{}, store.LogoRow{})
}

func (a *API) setLogo(w http.ResponseWriter, r *http.Request, who asker, logo room.Logo, row store.LogoRow) error {
	c := room.SetSite{SiteChange: room.SiteChange{Logo: &logo}}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, func([]room.Event) []store.Row { return []store.Row{row} })
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.viewSite(out.State.Site()))
}

// getLogo serves the picture by its hash: another one has another address.
func (a *API) getLogo(w http.ResponseWriter, r *http.Request) error {
	hash, err := logoHash(r.PathValue("hash"))
	if err != nil {
		return errNoRoute
	}
	kind, content, err := a.store.Logo(r.Context(), hash)
	if errors.Is(err, store.ErrNotFound) {
		return errNoRoute
	}
	if err != nil {
		return err
	}
	return write(w, kind, immutable, content)
}

// logoHash reads a hash in hexadecimal.
func logoHash(text string) (hash [32]byte, err error) {
	given, err := hex.DecodeString(text)
	if err == nil && len(given) != len(hash) {
		err = hex.ErrLength
	}
	copy(hash[:], given)
	return hash, err
}
