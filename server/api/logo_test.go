package api_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"greenroom/server/apitest"
)

func TestLogo(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	picture := image.NewGray(image.Rect(0, 0, 40, 20))
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, picture); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
		t.Fatal(err)
	}
	put := func(b *apitest.Browser, kind, content string) *apitest.Answer {
		b.Header = http.Header{"Content-Type": {kind}}
		return b.Do("PUT", "/api/v1/site/logo", content)
	}
	var now struct{ Logo string }
	put(owner, "image/png", asPNG.String()).Into(http.StatusOK, &now)
	if !strings.HasPrefix(now.Logo, "/logo/") {
		t.Fatalf("the logo is at %q", now.Logo)
	}
	got := s.Browser().On(1).Do("GET", now.Logo, nil).Into(http.StatusOK, nil)
	if !bytes.Equal(got.Body, asPNG.Bytes()) || got.Header.Get("Content-Type") != "image/png" || got.Header.Get("X-Content-Type-Options") != "nosniff" ||
		got.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("served as %v", got.Header)
	}
	first := now.Logo
	put(owner, "image/jpeg", asJPEG.String()).Into(http.StatusOK, &now)
	s.Browser().Do("GET", now.Logo, nil).Into(http.StatusOK, nil)
	s.Browser().Do("GET", first, nil).Refused(http.StatusNotFound, "not_found")

	for content, kind := range map[string]string{asPNG.String(): "image/jpeg", "<svg xmlns='http://www.w3.org/2000/svg'/>": "image/png", "": "image/png", "RIFFxxxxWEBX": "image/webp"} {
		put(owner, kind, content).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	for _, kind := range []string{"image/svg+xml", "text/html", "image/gif", "application/json", ""} {
		put(owner, kind, asPNG.String()).Refused(http.StatusBadRequest, "bad_request")
	}
	put(owner, "image/png", asPNG.String()+strings.Repeat("x", 64<<10)).Refused(http.StatusRequestEntityTooLarge, "too_long")
	owner.Header = http.Header{}
	member, _ := s.Person("mia@example.org", "Mia", "M")
	put(member, "image/png", asPNG.String()).Refused(http.StatusForbidden, "forbidden")
	for _, wrong := range []string{"/logo/x", "/logo/" + strings.Repeat("0", 64), "/logo/..%2f"} {
		s.Browser().Do("GET", wrong, nil).Refused(http.StatusNotFound, "not_found")
	}
	var after struct{ Logo string }
	owner.Do("DELETE", "/api/v1/site/logo", nil).Into(http.StatusOK, &after)
	if after.Logo != "" {
		t.Errorf("the logo is still at %q", after.Logo)
	}
	s.Browser().Do("GET", now.Logo, nil).Refused(http.StatusNotFound, "not_found")
}
