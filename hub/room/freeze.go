package room

// Freeze gives the state as it is now, for reading, while s goes on being
// written: what somebody sees at one event of a batch.
func (s *State) Freeze() *State {
	frozen := *s
	s.by = new(ownership)
	return &frozen
}

// ChatGone says whether the chat message at a place has been deleted.
func (s *State) ChatGone(at Seq) bool { return s.chat.gone(at) }
