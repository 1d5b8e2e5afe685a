package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"greenroom/server/apitest"
)

// What the site allows on a stage is what the page of a stage may frame, at
// once and on every instance; our own host never is. No other page of ours
// frames anybody.
func TestStageOriginsAreThePolicy(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	frames := func(b *apitest.Browser) string {
		if policy := b.Do("GET", "/", nil).Header.Get("Content-Security-Policy"); !strings.Contains(policy, "; frame-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("the pages' policy is %q", policy)
		}
		page := b.Do("GET", "/stage/frame?url="+url.QueryEscape("https://a.example/embed?x=1&y=%22%3E%3Cscript%3E"), nil)
		if page.Status == http.StatusNotFound {
			return ""
		}
		policy := page.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "script") || strings.Contains(policy, "unsafe") || !strings.HasSuffix(policy, "frame-ancestors 'self'") || page.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
			t.Errorf("the stage's policy is %q", policy)
		}
		if body := string(page.Body); !strings.Contains(body, `src="https://a.example/embed?x=1&amp;y=%22%3E%3Cscript%3E" title="a.example" sandbox=`) || strings.Contains(body, "<script") {
			t.Errorf("%s", body)
		}
		_, after, _ := strings.Cut(policy, "frame-src ")
		origins, _, _ := strings.Cut(after, ";")
		return origins
	}
	if got := frames(owner); got != "" {
		t.Errorf("frames of %q by nobody's leave", got)
	}
	var now struct {
		StageOrigins []string `json:"stage_origins"`
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"stage_origins": []string{"https://Video.example.org/", "https://a.example"}}).Into(http.StatusOK, &now)
	if !slices.Equal(now.StageOrigins, []string{"https://a.example", "https://video.example.org"}) {
		t.Errorf("%v", now.StageOrigins)
	}
	if got := frames(owner); got != "https://a.example https://video.example.org" {
		t.Errorf("frames of %q", got)
	}
	owner.On(1).Do("GET", "/api/v1/site", nil).Into(http.StatusOK, &now)
	if got := frames(owner.On(1)); got != "https://a.example https://video.example.org" {
		t.Errorf("the other instance frames %q", got)
	}
	for _, bad := range []string{"", "https://evil.example/", "http://a.example/", "https://a.example.evil.example/", "https://a.example@evil.example/", "javascript:alert(1)", "data:text/html,x",
		"//a.example/", "https://a.example/\"><script>", "https://a.example/ onload=x", "https://a.example\\@evil.example/", s.Public.String()} {
		if got := owner.Do("GET", "/stage/frame?url="+url.QueryEscape(bad), nil); got.Status != http.StatusNotFound || got.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%q is framed: %d", bad, got.Status)
		}
	}
	for _, bad := range []string{"http://a.example", "https://a.example; script-src *", "https://a.example/x", "'self'", "*", "https://" + s.Public.Host, "https://" + s.Public.Hostname()} {
		if no := owner.Do("PATCH", "/api/v1/site", map[string]any{"stage_origins": []string{bad}}).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields["stage_origins"] == "" {
			t.Errorf("%q: %v", bad, no.Fields)
		}
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"stage_origins": []string{}}).Into(http.StatusOK, &now)
	if got := frames(owner); got != "" || len(now.StageOrigins) != 0 {
		t.Errorf("still frames %q", got)
	}
}
