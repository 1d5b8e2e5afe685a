package room

import (
	"fmt"
	"reflect"
	"slices"
)

// Bounds of the settings.
const (
	MaxSiteName     = 80
	maxLinkMinutes  = 366 * 24 * 60
	maxEarlyMinutes = 24 * 60
	maxDays         = 3660
	maxCircle       = 500 // people, and groups, that are named
	maxID           = 64  // bytes of an id from outside
)

// judge gives what is different in a change, cleaned, or the first thing that
// does not fit.
func (s *Site) judge(c SiteChange) (SiteChange, *Refusal) {
	for _, check := range []func(*SiteChange) *Refusal{checkLook, checkTimes, checkPeople, checkProofs, checkOrigins, checkWords, checkAbsence} {
		if no := check(&c); no != nil {
			return c, no
		}
	}
	drop(&c.Name, s.Name)
	drop(&c.Accent, s.Accent)
	drop(&c.Logo, s.Logo)
	drop(&c.Invitations, s.Invitations)
	drop(&c.LinkMinutes, s.LinkMinutes)
	drop(&c.LinkFixed, s.LinkFixed)
	drop(&c.Devices, s.Devices)
	drop(&c.Inviters, s.Inviters)
	drop(&c.Creators, s.Creators)
	drop(&c.EarlyMinutes, s.EarlyMinutes)
	drop(&c.Absence, s.Absence)
	drop(&c.LobbyViewer, s.Lobby.Viewer)
	drop(&c.LobbySpeaker, s.Lobby.Speaker)
	drop(&c.LobbyModerator, s.Lobby.Moderator)
	drop(&c.ContentDays, s.Retention.ContentDays)
	drop(&c.IPDays, s.Retention.IPDays)
	drop(&c.AuditDays, s.Retention.AuditDays)
	drop(&c.RefuseWords, s.Filter.Refuse)
	if c.Words != nil && slices.Equal(*c.Words, s.Filter.Words) {
		c.Words = nil
	}
	if c.StageOrigins != nil && slices.Equal(*c.StageOrigins, s.StageOrigins) {
		c.StageOrigins = nil
	}
	return c, nil
}

// drop forgets a setting that is so already.
func drop[T any](given **T, is T) {
	if *given != nil && reflect.DeepEqual(**given, is) {
		*given = nil
	}
}

func checkLook(c *SiteChange) *Refusal {
	if c.Name != nil {
		name, no := line("name", *c.Name, MaxSiteName, false)
		if no != nil {
			return no
		}
		c.Name = &name
	}
	if c.Accent != nil {
		accent, no := checkAccent(*c.Accent)
		if no != nil {
			return no
		}
		c.Accent = &accent
	}
	return nil
}

func checkTimes(c *SiteChange) *Refusal {
	for _, n := range []struct {
		field       string
		given       *int
		least, most int
	}{
		{"link_minutes", c.LinkMinutes, 1, maxLinkMinutes},
		{"devices", c.Devices, 0, MaxDevices},
		{"early_minutes", c.EarlyMinutes, 0, maxEarlyMinutes},
		{"content_days", c.ContentDays, 1, maxDays},
		{"ip_days", c.IPDays, 1, maxDays},
		{"audit_days", c.AuditDays, 1, maxDays},
	} {
		if n.given != nil && (*n.given < n.least || *n.given > n.most) {
			return invalid(n.field, fmt.Sprintf("is between %d and %d", n.least, n.most))
		}
	}
	return nil
}

func checkPeople(c *SiteChange) *Refusal {
	for field, circle := range map[string]**Circle{"inviters": &c.Inviters, "creators": &c.Creators} {
		if *circle == nil {
			continue
		}
		clean := Circle{(*circle).Role, sorted((*circle).People), sorted((*circle).Groups)}
		if len(clean.People) > maxCircle || len(clean.Groups) > maxCircle {
			return invalid(field, "names too many")
		}
		if wrongID(clean.People) || wrongID(clean.Groups) {
			return invalid(field, "names somebody who cannot be")
		}
		*circle = &clean
	}
	return nil
}

func sorted[T ~string](given []T) []T {
	all := slices.Clone(given)
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == 0 {
		return nil
	}
	return all
}

func wrongID[T ~string](all []T) bool {
	return slices.ContainsFunc(all, func(id T) bool { return id == "" || len(id) > maxID || cleanLine(string(id)) != string(id) })
}

func checkProofs(c *SiteChange) *Refusal {
	for _, p := range []*Proof{c.LobbyViewer, c.LobbySpeaker, c.LobbyModerator} {
		if p != nil && *p != ProofNone && *p != ProofCode {
			return invalid("lobby", "is none or code")
		}
	}
	return nil
}

func checkAbsence(c *SiteChange) *Refusal {
	if c.Absence == nil {
		return nil
	}
	return c.Absence.check()
}
