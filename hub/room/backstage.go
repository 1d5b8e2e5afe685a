package room

import "time"

// Early entry: where the site says so, staff may be inside for a while before
// the doors open, with the backchannel and the list of people. Everybody else
// waits for room.opened.

// BackstageDue is the system's: let staff in early when their time has come,
// or out again when it has not after all (the start has moved, the site has
// changed its mind).
type BackstageDue struct{}

// Name implements Command.
func (BackstageDue) Name() string { return "room.backstage_due" }

// BackstageTurned opens or closes the room for its staff before the doors open.
type BackstageTurned struct {
	Open bool `json:"open"`
	Site Seq  `json:"site,omitempty"` // Version of the site's settings by which it was judged
}

// Kind implements Fact.
func (BackstageTurned) Kind() string { return "room.backstage" }

// early is when staff may come in; 0: with everybody else.
func (s *State) early() Millis {
	minutes := s.Site().EarlyMinutes
	if minutes == 0 || s.Status != StatusScheduled {
		return 0
	}
	return s.StartsAt - Millis((time.Duration(minutes) * time.Minute).Milliseconds())
}

// TurnsBackstage says whether staff ought to be let in, or out again, at now.
func (s *State) TurnsBackstage(now time.Time) bool {
	at := s.early()
	open := at != 0 && Millis(now.UnixMilli()) >= at
	return s.Status == StatusScheduled && open != s.Backstage && !s.outdated()
}

// outdated says that another instance has turned it by newer settings of the
// site than ours. They come within a second; to turn it back meanwhile would
// let the staff in and out.
func (s *State) outdated() bool { return s.Site().Version < s.turnedBy }

func (s *State) decideBackstageDue(by Actor, now time.Time) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Early entry opens by itself.")
	}
	if !s.TurnsBackstage(now) {
		return nil, nil
	}
	return []Fact{BackstageTurned{!s.Backstage, s.Site().Version}}, nil
}

// letsIn says whether a person who is who they should be is inside now.
func (s *State) letsIn(p *Person) bool {
	return s.Status == StatusOpen || s.Status == StatusScheduled && s.Backstage && p.Role.Staff()
}

// worksEarly says whether a command may be given backstage.
func worksEarly(c Command) bool {
	switch c.(type) {
	case BackchannelPost, BackchannelPage, PeoplePage, SetSettings, Announce, WithdrawAnnouncement, SetSource, ModerationPage,
		InteractionPage, InteractionCreate, InteractionRevise, InteractionRemove, GoLive, CancelGoLive:
		return true
	}
	return false
}

// earlyRights are those of a role that can be used backstage.
var earlyRights = func() (of [Owner + 1][]Action) {
	for r := Viewer; r <= Owner; r++ {
		of[r] = []Action{}
		for _, a := range []Action{ActBackchannelPost, ActBackchannelPage, ActPeoplePage, ActInteractionPage, ActModerationPage, ActSetSettings, ActAnnounce, ActSetSource, ActInteractionCreate, ActGoLive} {
			if r.May(a) {
				of[r] = append(of[r], a)
			}
		}
	}
	return of
}()
