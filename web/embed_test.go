package web_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"greenroom/web"
)

// The page may name only files that are embedded, and may not carry inline code (the CSP would stop it).
func TestIndexNamesEmbeddedAssets(t *testing.T) {
	page := string(web.Index())
	for _, match := range regexp.MustCompile(`(?:src|href)="/assets/([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if _, err := fs.Stat(web.Assets(), match[1]); err != nil {
			t.Errorf("index.html names %s, which is not embedded: %v", match[1], err)
		}
	}
	for _, forbidden := range []string{"<style", " style=", "javascript:", " onclick"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("index.html contains %q", forbidden)
		}
	}
	if regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(page) {
		t.Error("index.html contains an inline script")
	}
}

// Immutable caching is only right for names that change with the content.
func TestAssetNamesCarryAHash(t *testing.T) {
	hashed := regexp.MustCompile(`^[a-z-]+-[A-Z0-9]{8}\.(js|css|json)$`)
	entries, err := fs.ReadDir(web.Assets(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !hashed.MatchString(entry.Name()) {
			t.Errorf("%s has no content hash in its name", entry.Name())
		}
	}
}
