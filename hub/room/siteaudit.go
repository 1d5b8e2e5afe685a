package room

import (
	"maps"
	"slices"
	"strconv"
)

// settings are the site's settings as the audit log tells them.
func (s *Site) settings() map[string]string {
	all := map[string]string{
		"accent": s.Accent, "logo": s.Logo.Hash, "invitations": strconv.FormatBool(s.Invitations),
		"link_minutes": strconv.Itoa(s.LinkMinutes), "link_fixed": strconv.FormatBool(s.LinkFixed), "devices": strconv.Itoa(s.Devices),
		"early_minutes": strconv.Itoa(s.EarlyMinutes), "host_absent": ruleOf(&s.Absence),
		"lobby_viewer": string(s.Lobby.Viewer), "lobby_speaker": string(s.Lobby.Speaker), "lobby_moderator": string(s.Lobby.Moderator),
		"content_days": strconv.Itoa(s.Retention.ContentDays), "ip_days": strconv.Itoa(s.Retention.IPDays), "audit_days": strconv.Itoa(s.Retention.AuditDays),
	}
	for _, origin := range s.StageOrigins {
		all["stage_origins."+origin] = "allowed"
	}
	s.Inviters.settings("inviters", all)
	s.Creators.settings("creators", all)
	return all
}

func (c Circle) settings(name string, all map[string]string) {
	all[name+".role"] = c.Role.String()
	for _, p := range c.People {
		all[name+"."+string(p)] = "named"
	}
	for _, g := range c.Groups {
		all[name+"."+string(g)] = "named"
	}
}

// siteChanges compares the settings before and after a change.
func (s *State) siteChanges(f SiteChanged) (c changes) {
	before := s.Site()
	after := *before
	f.SiteChange.into(&after)
	c.written("name", before.Name != after.Name)
	c.written("words", !slices.Equal(before.Filter.Words, after.Filter.Words))
	c.value("refuse", strconv.FormatBool(before.Filter.Refuse), strconv.FormatBool(after.Filter.Refuse))
	old, fresh := before.settings(), after.settings()
	both := maps.Clone(old)
	maps.Copy(both, fresh)
	for _, field := range slices.Sorted(maps.Keys(both)) {
		c.value(field, old[field], fresh[field])
	}
	return c
}

// domainChanges says what the rule for a domain was and is.
func (s *State) domainChanges(domain string, exact bool, now string) (c changes) {
	before := ""
	if rule, found := s.Site().Domains.Rule(domain, exact); found {
		before = ruleText(rule.Block)
	}
	name := domain
	switch {
	case exact:
		name = "=" + domain
	case domain == "":
		name = "*"
	}
	c.value(name, before, now)
	return c
}

func ruleText(block bool) string {
	if block {
		return "block"
	}
	return "allow"
}
