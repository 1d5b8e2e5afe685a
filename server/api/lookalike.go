package api

import (
	"slices"

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

// neighbours are the domains of a room's people, for warning an inviter of one
// that only looks like another.
type neighbours map[string][]string // by skeleton, in the order in which they came

// neighboursOf collects the domains of everybody in the room.
func neighboursOf(s *room.State) neighbours {
	n, seen := neighbours{}, map[string]bool{"": true}
	for p := range s.People {
		if domain := p.Domain(); !seen[domain] {
			seen[domain] = true
			n.add(domain)
		}
	}
	return n
}

func (n neighbours) add(domain string) {
	skeleton := mailaddr.Skeleton(domain)
	if !slices.Contains(n[skeleton], domain) {
		n[skeleton] = append(n[skeleton], domain)
	}
}

// warnings tell the inviter what is odd about the domain of an address. They
// stand in nobody's way.
func (n neighbours) warnings(domain string) (all []string) {
	if mailaddr.MixesScripts(domain) {
		all = append(all, "mixed_script")
	}
	for _, other := range n[mailaddr.Skeleton(domain)] {
		if other != domain {
			return append(all, "looks_like:"+other)
		}
	}
	return all
}
