package room

import "slices"

// The fields of a room that are edited, by their names on the wire.
var editFields = [...]string{"title", "description", "speakers", "collaboration", "starts_at", "ends_at", "lobby_code", "host_absent", "results"}

// edits says where in the log each of editFields was last changed, and by whom
// the last of them.
type edits struct {
	at [len(editFields)]Seq
	by ParticipantID
}

// Version is the place of the last edit. A form sends it back, so that nobody
// overwrites what somebody else has changed meanwhile.
func (s *State) Version() Seq { return slices.Max(s.edits.at[:]) }

// noteEdits keeps what an event has changed of a room that was was.
func (s *State) noteEdits(e Event, was Info) {
	for i, changed := range [...]bool{
		s.Title != was.Title, s.Description != was.Description, !slices.Equal(s.Speakers, was.Speakers),
		s.Collaboration != was.Collaboration, s.StartsAt != was.StartsAt, s.EndsAt != was.EndsAt,
		s.LobbyCode != was.LobbyCode, !sameRule(s.HostAbsent, was.HostAbsent), s.After != was.After,
	} {
		if changed {
			s.edits.at[i], s.edits.by = e.Seq, e.Participant
		}
	}
}

// untouched refuses an edit that was made of an older version; 0 is no version.
func (s *State) untouched(version Seq) *Refusal {
	if version == 0 || version == s.Version() {
		return nil
	}
	no := &Refusal{Code: CodeConflict, Message: "Somebody else has changed this room meanwhile.", Fields: map[string]string{}}
	for i, at := range s.edits.at {
		if at > version {
			no.Fields[editFields[i]] = "was changed"
		}
	}
	if p, ok := s.Participant(s.edits.by); ok {
		no.By = p.Name()
	}
	return no
}
