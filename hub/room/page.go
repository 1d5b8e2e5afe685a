package room

import (
	"container/heap"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Member is somebody in a list of people.
type Member struct {
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	Role        string        `json:"role"`
	Right       string        `json:"right,omitempty"`
	Guest       bool          `json:"guest,omitempty"`    // nobody has checked who it is
	Verified    bool          `json:"verified,omitempty"` // has shown that the invited mailbox is theirs; in lists for staff only
	Here        bool          `json:"here,omitempty"`
	Muted       bool          `json:"muted,omitempty"`      // may not write into the chat; in lists for staff only
	UntilAt     Millis        `json:"until_at,omitempty"`   // then the role goes back; in lists for staff only
	InvitedBy   string        `json:"invited_by,omitempty"` // a name; a guest link's label. In people.page only
}

func member(p *Person) Member {
	return Member{Participant: p.ID, Name: p.Name(), Role: p.Role.Shown(), Right: p.Role.Right(), Guest: p.Guest()}
}

// bytes bounds the member as JSON.
func (m Member) bytes() int {
	return 130 + jsonBytes(m.Name) + jsonBytes(m.InvitedBy) + len(m.Participant)
}

// PeopleList is the answer to PeoplePage.
type PeopleList struct {
	Items []Member      `json:"items"`
	Total int           `json:"total"`
	Next  ParticipantID `json:"next,omitempty"`
}

// Page lists the admitted whose name contains the query, in order of name. It
// looks at everybody once and keeps only what goes on the page.
func (s *State) Page(c PeoplePage) PeopleList {
	list := PeopleList{Items: []Member{}}
	if len(c.Only) > 0 {
		return s.only(c.Only)
	}
	query, limit := fold(cleanLine(c.Query)), pageLimit(c.Limit)
	after, behind := s.Participant(c.After)
	found := make(lastFirst, 0, limit+2)
	s.People(func(p *Person) bool {
		if !p.Admitted() || c.Role != "" && p.Role.Shown() != c.Role || query != "" && !strings.Contains(fold(p.Name()), query) {
			return true
		}
		list.Total++
		if (!behind || byName(after, p) < 0) && (len(found) <= limit || byName(p, found[0]) < 0) {
			if heap.Push(&found, p); len(found) > limit+1 {
				heap.Pop(&found)
			}
		}
		return true
	})
	list.take(s, found, limit)
	return list
}

// checkPeoplePage refuses roles that there are not, and a page behind nobody:
// whoever has been in the room stays known, so an id of it is always found.
func (s *State) checkPeoplePage(c PeoplePage) *Refusal {
	switch c.Role {
	case "", Viewer.Shown(), Speaker.Shown(), Moderator.Shown(), Owner.Shown():
	default:
		return invalid("role", "is viewer, speaker, moderator or manager")
	}
	if _, known := s.Participant(c.After); c.After != "" && !known {
		return invalid("after", "is the id of a participant")
	}
	return nil
}

// mostOnly bounds those that are asked for by id.
const mostOnly = 100

// only lists those of some people who have been admitted.
func (s *State) only(ids []ParticipantID) PeopleList {
	list := PeopleList{Items: []Member{}}
	for _, id := range ids[:min(len(ids), mostOnly)] {
		if p, ok := s.Participant(id); ok && p.Admitted() {
			list.Items = append(list.Items, s.staffMember(p))
		}
	}
	list.Total = len(list.Items)
	return list
}

// staffMember is somebody as staff sees them.
func (s *State) staffMember(p *Person) Member {
	m := member(p)
	m.Verified, m.Muted, m.UntilAt, m.InvitedBy = p.Proven, p.Muted, s.untilOf(p.ID), s.invitedBy(p)
	return m
}

// take puts the found on the page, as many as fit.
func (l *PeopleList) take(s *State, found lastFirst, limit int) {
	sorted := make([]*Person, len(found))
	for i := len(found) - 1; i >= 0; i-- {
		sorted[i] = heap.Pop(&found).(*Person)
	}
	bytes := pageBytes
	for _, p := range sorted {
		m := s.staffMember(p)
		if bytes -= m.bytes(); len(l.Items) == limit || bytes < 0 {
			l.Next = l.Items[len(l.Items)-1].Participant
			return
		}
		l.Items = append(l.Items, m)
	}
}

// lastFirst is a heap of people with the last by name on top.
type lastFirst []*Person

func (h lastFirst) Len() int           { return len(h) }
func (h lastFirst) Less(i, j int) bool { return byName(h[i], h[j]) > 0 }
func (h lastFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lastFirst) Push(p any)        { *h = append(*h, p.(*Person)) }
func (h *lastFirst) Pop() any {
	last := len(*h) - 1
	p := (*h)[last]
	*h = (*h)[:last]
	return p
}

// byName orders people by lower-case display name, then by id. It makes no
// strings, because a page compares everybody.
func byName(a, b *Person) int {
	x, y := nameRunes{rest: a.FirstName, last: a.LastName}, nameRunes{rest: b.FirstName, last: b.LastName}
	for {
		r, q := x.next(), y.next()
		switch {
		case r != q:
			return int(r) - int(q)
		case r < 0:
			return strings.Compare(string(a.ID), string(b.ID))
		}
	}
}

// nameRunes reads a display name in lower case.
type nameRunes struct{ rest, last string }

func (n *nameRunes) next() rune {
	if n.rest == "" && n.last != "" {
		n.rest, n.last = n.last, ""
		return ' '
	}
	if n.rest == "" {
		return -1
	}
	r, size := utf8.DecodeRuneInString(n.rest)
	n.rest = n.rest[size:]
	return unicode.ToLower(r)
}

// fold makes text comparable for search: lower case.
func fold(text string) string { return strings.ToLower(text) }

// checkBefore refuses what is no message id.
func checkBefore(id string) *Refusal {
	if id != "" && MessagePlace(id) == 0 {
		return invalid("before", "is the id of a message")
	}
	return nil
}

// jsonBytes is the length of a cleaned text as JSON.
func jsonBytes(text string) int {
	n := len(text) + 2
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' || c == '\n' {
			n++
		}
	}
	return n
}
