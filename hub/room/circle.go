package room

import "slices"

// GroupID is a group of the site's people.
type GroupID string

// Circle says which of the site's people may do something. Its admins and
// owners always may.
type Circle struct {
	Role   SiteRole   `json:"role"` // and those above; none: only who is named
	People []PersonID `json:"people,omitempty"`
	Groups []GroupID  `json:"groups,omitempty"`
}

// Includes says whether an actor is one of them.
func (c Circle) Includes(by Actor) bool {
	switch {
	case by.System || by.SiteRole >= SiteAdmin:
		return true
	case by.SiteRole == NoSiteRole:
		return false
	case c.Role != NoSiteRole && by.SiteRole >= c.Role:
		return true
	case by.Account != "" && slices.Contains(c.People, by.Account):
		return true
	}
	return slices.ContainsFunc(by.Groups, func(g GroupID) bool { return slices.Contains(c.Groups, g) })
}
