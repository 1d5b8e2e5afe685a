package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"greenroom/server/apitest"
)

// What the site allows on a stage is what its pages may frame, at once and on
// every instance; our own host never is.
func TestStageOriginsAreThePolicy(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	frames := func(b *apitest.Browser) string {
		_, after, _ := strings.Cut(b.Do("GET", "/", nil).Header.Get("Content-Security-Policy"), "frame-src ")
		return after
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
