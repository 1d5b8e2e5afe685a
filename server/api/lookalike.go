package api

import (
	"greenroom/hub/room"
	"greenroom/server/mailaddr"
)

// domainNames are the two forms of a domain that is not plain ASCII.
type domainNames struct {
	ASCII   string `json:"ascii"`             // A-labels: this is what mail goes to
	Unicode string `json:"unicode,omitempty"` // U-labels; none where a label mixes scripts
}

func namesOf(domain string) *domainNames {
	if !mailaddr.International(domain) {
		return nil
	}
	names := domainNames{ASCII: domain}
	if !mailaddr.MixesScripts(domain) {
		names.Unicode = mailaddr.Shown(domain)
	}
	return &names
}

// warnings tell the inviter what is odd about the domain of an address. They
// stand in nobody's way.
func warnings(s *room.State, domain string) (all []string) {
	if mailaddr.MixesScripts(domain) {
		all = append(all, "mixed_script")
	}
	if other := looksLike(s, domain); other != "" {
		all = append(all, "looks_like:"+other)
	}
	return all
}

// looksLike gives the first other domain of the room's people that looks the
// same.
func looksLike(s *room.State, domain string) string {
	skeleton, seen := mailaddr.Skeleton(domain), map[string]bool{"": true, domain: true}
	for p := range s.People {
		other := p.Domain()
		if seen[other] {
			continue
		}
		seen[other] = true
		if mailaddr.Skeleton(other) == skeleton {
			return other
		}
	}
	return ""
}
