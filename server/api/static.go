package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// pages are the web application: one page, whatever the path, and the assets,
// whose names have a hash of their content.
type pages struct {
	index  []byte
	assets map[string]asset
}

type asset struct {
	content []byte
	zipped  []byte // by gzip; nil where that saves nothing
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
		p.assets[name] = asset{content, zip(content), kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	}
	return p
}

// zip compresses what everybody gets alike. Answers with secrets are never
// compressed: their length would tell (BREACH).
func zip(content []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil { // only a wrong level fails
		panic(err)
	}
	_, _ = z.Write(content) // into memory
	_ = z.Close()
	if b.Len() > len(content)*9/10 {
		return nil
	}
	return b.Bytes()
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3) as far as browsers use
// it.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" {
			return accepted(weight)
		}
	}
	return false
}

func (a *API) getPage(w http.ResponseWriter, _ *http.Request) error {
	return write(w, "text/html; charset=utf-8", "no-store", a.pages.index)
}

// getElsewhere answers what no route knows: who wants a page gets the one page
// there is, which says so in words, everybody else a problem.
func (a *API) getElsewhere(w http.ResponseWriter, r *http.Request) error {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || ofMachines(r.URL.Path) || !acceptsPage(r) {
		return errNoRoute
	}
	return writeStatus(w, http.StatusNotFound, "text/html; charset=utf-8", "no-store", a.pages.index)
}

// ofMachines says whether no person walks below this path.
func ofMachines(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "api", "assets", "ws", "healthz", "readyz":
		return true
	}
	return false
}

// acceptsPage reads Accept (RFC 9110 §12.5.1) as far as browsers use it: they
// name text/html, programs say */* or nothing.
func acceptsPage(r *http.Request) bool {
	for _, line := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(line, ",") {
			kind, weight, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(kind), "text/html") {
				return accepted(weight)
			}
		}
	}
	return false
}

// accepted says whether a weight is anything but q=0, which is a no.
func accepted(weight string) bool {
	return weight == "" || strings.Trim(weight, " q=0.") != ""
}

func (a *API) getAsset(w http.ResponseWriter, r *http.Request) error {
	file, ok := a.pages.assets[r.PathValue("file")]
	if !ok {
		return errNoRoute
	}
	h := w.Header()
	// One tag for both forms: a cache keeps them apart by Vary.
	h.Set("ETag", "W/"+file.tag)
	h.Set("Vary", "Accept-Encoding")
	if strings.TrimPrefix(r.Header.Get("If-None-Match"), "W/") == file.tag {
		h.Set("Cache-Control", immutable)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if file.zipped != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		return write(w, file.kind, immutable, file.zipped)
	}
	return write(w, file.kind, immutable, file.content)
}

const immutable = "public, max-age=31536000, immutable"

// write answers 200.
func write(w http.ResponseWriter, kind, cache string, content []byte) error {
	return writeStatus(w, http.StatusOK, kind, cache, content)
}

// writeStatus answers with bytes; net/http leaves them out for HEAD.
func writeStatus(w http.ResponseWriter, status int, kind, cache string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	_, _ = w.Write(content) // a peer that hangs up is not an error
	return nil
}

//go:embed openapi.json
var openAPI []byte

func (a *API) getOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	return write(w, "application/json", "no-cache", openAPI)
}
