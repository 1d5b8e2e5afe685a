package api

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// What staff put on a stage is framed twice: the room's page frames this page
// of ours, and this page frames the other site. A policy holds for the page
// that it came with; so a room that was opened before a site's owner allowed
// an origin can frame it at once, and no page of ours but this one, which has
// no script and nothing to take, may frame anybody.

const frameStyle = "html,body,iframe{display:block;width:100%;height:100%;margin:0;border:0;background:#fff}" // a page without a ground of its own is on white, as in a window of its own

var framePage = template.Must(template.New("frame").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Host}}</title>
<style>` + frameStyle + `</style>
<iframe src="{{.URL}}" title="{{.Host}}" sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-presentation" allow="autoplay; encrypted-media; fullscreen; picture-in-picture" referrerpolicy="no-referrer"></iframe>
</html>
`))

// framePolicy lets the page frame the origins that the site allows on a stage,
// and be framed by ours. The origins were judged by room.SetSite: schemes and
// plain host names.
func framePolicy(origins []string) string {
	style := sha256.Sum256([]byte(frameStyle))
	return strings.Join([]string{
		"default-src 'none'", "style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) + "'",
		"frame-src " + strings.Join(origins, " "), "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'",
	}, "; ")
}

// getStageFrame answers a page that frames an address of an allowed origin.
func (a *API) getStageFrame(w http.ResponseWriter, r *http.Request) error {
	site, address := a.hub.Site(), r.URL.Query().Get("url")
	u, err := url.Parse(address)
	if err != nil || !site.Frames(address) {
		return errNotFound
	}
	h := w.Header()
	h.Set("Content-Security-Policy", framePolicy(site.StageOrigins))
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	return framePage.Execute(w, struct{ URL, Host string }{u.String(), u.Host})
}
