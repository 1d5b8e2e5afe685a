package room

import (
	"slices"
	"strings"
)

// The stage shows what staff choose: a page of another site, in a frame, from
// the origins that the site's admins allow.

// MaxSource is the longest address of a source, in bytes.
const MaxSource = 1000

// SetSource puts something on the stage, or nothing.
type SetSource struct {
	URL  string `json:"url,omitempty"`
	None bool   `json:"none,omitempty"`
}

// Name implements Command.
func (SetSource) Name() string { return "stage.source" }

// Sourced is what is on the stage from now on; nothing, if URL is empty.
type Sourced struct {
	Who
	URL string `json:"url,omitempty"`
}

// Kind implements Fact.
func (Sourced) Kind() string { return "stage.sourced" }

// Source is what is on the stage.
type Source struct {
	URL string `json:"url"`
}

func (s *State) decideSource(by *Person, c SetSource) ([]Fact, *Refusal) {
	if c.None == (c.URL != "") {
		return nil, invalid("url", "is an address, or none is true")
	}
	if c.URL != "" {
		if no := s.Site().mayFrame(c.URL); no != nil {
			return nil, no
		}
	}
	if c.URL == s.source {
		return nil, nil
	}
	return []Fact{Sourced{by.who(), c.URL}}, nil
}

// Frames says whether an address may be on a stage now.
func (s *Site) Frames(address string) bool { return s.mayFrame(address) == nil }

// mayFrame refuses an address that is not of an allowed origin.
func (s *Site) mayFrame(address string) *Refusal {
	origin, ok := plainAddress(address)
	if !ok || len(address) > MaxSource {
		return invalid("url", "is an address of at most 1,000 characters that begins with https://")
	}
	if !slices.Contains(s.StageOrigins, origin) {
		return invalid("url", "is not of a site that this server's owner allows on the stage")
	}
	return nil
}

const secure = "https://"

// plainAddress gives the origin of an https address of visible ASCII, without
// signs that end an attribute or a header.
func plainAddress(address string) (origin string, ok bool) {
	origin, ok = originOf(address)
	return origin, ok && !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"'\\", r) })
}

// originOf gives scheme and host of an address as browsers compare them. A
// name or password before the host is no part of any address of ours.
func originOf(address string) (origin string, ok bool) {
	rest, https := strings.CutPrefix(address, secure)
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	host = strings.TrimSuffix(strings.ToLower(host), ":443")
	return secure + host, https && plainHost(host)
}

// Limits of the list of origins.
const (
	maxOrigins = 20
	maxOrigin  = 200 // bytes
)

// checkOrigins judges what admins allow on the stage. Each becomes part of a
// header, so that only plain host names pass.
func checkOrigins(c *SiteChange) *Refusal {
	if c.StageOrigins == nil {
		return nil
	}
	var clean []string
	for _, given := range *c.StageOrigins {
		given = strings.TrimSuffix(strings.TrimSpace(given), "/")
		origin, ok := originOf(given)
		if !ok || len(given) > maxOrigin || strings.ContainsAny(strings.TrimPrefix(given, secure), "/?#") {
			return invalid("stage_origins", "are addresses like https://video.example.org")
		}
		clean = append(clean, origin)
	}
	slices.Sort(clean)
	if clean = slices.Compact(clean); len(clean) > maxOrigins {
		return invalid("stage_origins", "are 20 at most")
	}
	if clean == nil {
		clean = []string{}
	}
	c.StageOrigins = &clean
	return nil
}

// plainHost accepts what a host's name, or an address in figures, is made of,
// and a port.
func plainHost(host string) bool {
	name, port, _ := strings.Cut(host, ":")
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) && !strings.ContainsFunc(port, func(r rune) bool { return r < '0' || r > '9' })
}
