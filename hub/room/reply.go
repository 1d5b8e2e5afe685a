package room

// Reply gives the body of an ok for the event that a command made, now or at
// an earlier try.
func (s *State) Reply(e Event) map[string]any {
	ok := map[string]any{"pos": e.Seq}
	switch f := e.Fact.(type) {
	case ChatPosted, BackchannelPosted:
		ok["id"] = MessageID(e.Seq)
	case ChatLiked:
		ok["id"], ok["likes"] = f.ID, f.Likes
	case ChatDeleted:
		ok["id"] = f.ID
	case Announced:
		ok["id"] = MessageID(e.Seq)
	case RoleChanged:
		ok["role"] = f.Role.Shown()
		if f.UntilAt != 0 {
			ok["until_at"] = f.UntilAt
		}
	case QuestionAsked:
		ok["id"] = QuestionID(e.Seq)
	case QuestionVoted:
		ok["id"], ok["votes"] = f.ID, f.Votes
	case QuestionPublished:
		ok["id"] = f.ID
	case QuestionClaimed:
		ok["id"] = f.ID
	case QuestionAnswered:
		ok["id"] = f.ID
	case QuestionDismissed:
		ok["id"] = f.ID
	default:
		replyInteraction(e, ok)
	}
	return ok
}

// Settled gives the body of an ok for a command that changed nothing because
// it is so already.
func (s *State) Settled(c Command) map[string]any {
	ok := map[string]any{"pos": s.Head}
	switch c := c.(type) {
	case ChatLike:
		ok["id"], ok["likes"] = c.ID, 0
		if i, found := s.chat.find(c.ID); found {
			ok["likes"] = s.chat.recent[i].likers.n
		}
	case ChatDelete:
		ok["id"] = c.ID
	case SetRole:
		ok["role"] = c.Role
		if at := s.untilOf(c.Participant); at != 0 {
			ok["until_at"] = at
		}
	case InteractionAnswer:
		ok["id"] = c.ID
	case InteractionClose:
		ok["id"] = c.ID
	case InteractionShare:
		ok["id"] = c.ID
	case InteractionShow:
		ok["id"] = c.ID
	case QuestionVote:
		ok["id"], ok["votes"] = c.ID, s.Votes([]string{c.ID})[c.ID]
	case QuestionPublish:
		ok["id"] = c.ID
	case QuestionClaim:
		ok["id"] = c.ID
	}
	return ok
}
