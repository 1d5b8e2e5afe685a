package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
)

// pages are the web application: one page, whatever the path, and the assets,
// whose names have a hash of their content.
type pages struct {
	index  []byte
	assets map[string]asset
}

type asset struct {
	content []byte
	kind    string
	tag     string
}

// kinds are the types that a built application has. The machine's own table
// may be wrong or missing, and with nosniff the type must be right.
var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".ico": "image/x-icon", ".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json", ".map": "application/json",
}

// newPages reads the assets into memory: they are few and embedded anyway.
func newPages(index []byte, files fs.FS) pages {
	p := pages{index: index, assets: map[string]asset{}}
	if files == nil {
		return p
	}
	names, err := fs.Glob(files, "*")
	if err != nil { // only a bad pattern fails
		panic(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			continue // a folder
		}
		kind := kinds[path.Ext(name)]
		if kind == "" {
			kind = mime.TypeByExtension(path.Ext(name))
		}
		if kind == "" {
			kind = "application/octet-stream"
		}
		sum := sha256.Sum256(content)
		p.assets[name] = asset{content, kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	}
	return p
}

func (a *API) getPage(w http.ResponseWriter, _ *http.Request) error {
	return write(w, "text/html; charset=utf-8", "no-store", a.pages.index)
}

func (a *API) getAsset(w http.ResponseWriter, r *http.Request) error {
	file, ok := a.pages.assets[r.PathValue("file")]
	if !ok {
		return errNoRoute
	}
	h := w.Header()
	h.Set("ETag", file.tag)
	if r.Header.Get("If-None-Match") == file.tag {
		h.Set("Cache-Control", immutable)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return write(w, file.kind, immutable, file.content)
}

const immutable = "public, max-age=31536000, immutable"

// write answers with bytes; net/http leaves them out for HEAD.
func write(w http.ResponseWriter, kind, cache string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // a peer that hangs up is not an error
	return nil
}

//go:embed openapi.json
var openAPI []byte

func (a *API) getOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	return write(w, "application/json", "no-cache", openAPI)
}
