package room

import (
	"slices"
	"time"
)

// Announcements stand above everything for those they are meant for, also for
// who comes later, until they are taken back or their time is over.

// Audience of an announcement.
const (
	ToEverybody = "everybody" // inside, and before it
	ToInside    = "inside"
	ToWaiting   = "waiting" // countdown, lobby and waiting room
	ToStaff     = "staff"
)

// Limits of announcements.
const (
	MaxAnnouncement  = 300       // code points
	MaxAnnouncementS = 24 * 3600 // seconds until it expires
	keptAnnounced    = 2         // of each audience
)

// Commands about announcements.
type (
	// Announce posts one. ExpiresInS is for how many seconds it stands; 0: until
	// it is taken back.
	Announce struct {
		Text       string `json:"text"`
		To         string `json:"to,omitempty"`
		ExpiresInS int    `json:"expires_in_s,omitempty"`
	}
	// WithdrawAnnouncement takes one back.
	WithdrawAnnouncement struct {
		ID string `json:"id"`
	}
)

// Name implements Command.
func (Announce) Name() string { return "announcement.post" }

// Name implements Command.
func (WithdrawAnnouncement) Name() string { return "announcement.withdraw" }

// Facts about announcements.
type (
	// Announced is one; its id is made of its place in the log.
	Announced struct {
		Who
		Text      string `json:"text"`
		To        string `json:"to"`
		ExpiresAt Millis `json:"expires_at,omitempty"`
	}
	// AnnouncementWithdrawn takes one back.
	AnnouncementWithdrawn struct {
		Who
		ID string `json:"id"`
		To string `json:"to"`
	}
)

// Kind implements Fact.
func (Announced) Kind() string { return "announced" }

// Kind implements Fact.
func (AnnouncementWithdrawn) Kind() string { return "announcement.withdrawn" }

// Announcement is one as people see it.
type Announcement struct {
	ID string `json:"id"`
	WhoView
	Text      string `json:"text"`
	To        string `json:"to"`
	At        Millis `json:"at"`
	ExpiresAt Millis `json:"expires_at,omitempty"`
}

func announcementOf(e Event, f Announced) Announcement {
	return Announcement{MessageID(e.Seq), f.Who.View(), f.Text, f.To, e.At, f.ExpiresAt}
}

func (a Announcement) bytes() int { return 220 + jsonBytes(a.Text) + jsonBytes(a.Name) }

// reaches says whether a class sees announcements to an audience.
func (c Class) reaches(to string) bool {
	switch {
	case c == Over:
		return false
	case to == ToStaff:
		return c != Waiting && c != Audience
	case to == ToInside:
		return c != Waiting
	case to == ToWaiting:
		return c == Waiting || c.Moderates()
	}
	return true
}

func (s *State) decideAnnounce(by *Person, c Announce, now time.Time) ([]Fact, *Refusal) {
	text, no := paragraph("text", c.Text, MaxAnnouncement, true)
	if no != nil {
		return nil, no
	}
	f := Announced{Who: by.who(), Text: text, To: c.To}
	switch f.To {
	case "":
		f.To = ToEverybody
	case ToEverybody, ToInside, ToWaiting, ToStaff:
	default:
		return nil, invalid("to", "is everybody, inside, waiting or staff")
	}
	if c.ExpiresInS < 0 || c.ExpiresInS > MaxAnnouncementS {
		return nil, invalid("expires_in_s", "is between 0 and 86,400")
	}
	if c.ExpiresInS > 0 {
		f.ExpiresAt = Millis(now.Add(time.Duration(c.ExpiresInS) * time.Second).UnixMilli())
	}
	return []Fact{f}, nil
}

func (s *State) decideWithdraw(by *Person, c WithdrawAnnouncement) ([]Fact, *Refusal) {
	i := slices.IndexFunc(s.announced, func(a announced) bool { return a.ID == c.ID })
	if i < 0 {
		return nil, refuse(CodeNotFound, "This announcement is gone.")
	}
	return []Fact{AnnouncementWithdrawn{by.who(), c.ID, s.announced[i].To}}, nil
}

// announced is an announcement in memory.
type announced struct {
	Announcement
	seat int32
}

func (s *State) foldAnnounced(e Event, f Announced) {
	kept := slices.Clone(s.announced)
	same := func(a announced) bool { return a.To == f.To }
	for n := count(kept, same); n >= keptAnnounced; n-- {
		i := slices.IndexFunc(kept, same)
		kept = slices.Delete(kept, i, i+1)
	}
	s.announced = append(kept, announced{announcementOf(e, f), s.seatOfID(f.Participant)})
}

func count[T any](all []T, fits func(T) bool) (n int) {
	for _, x := range all {
		if fits(x) {
			n++
		}
	}
	return n
}

func (s *State) dropAnnounced(which func(announced) bool) {
	s.announced = slices.DeleteFunc(slices.Clone(s.announced), which)
}

// announcementsFor lists what a class is told, oldest first.
func (s *State) announcementsFor(to Class) (all []Announcement) {
	for _, a := range s.announced {
		if to.reaches(a.To) {
			all = append(all, a.Announcement)
		}
	}
	return all
}
