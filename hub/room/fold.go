package room

// Fold takes an event in. It never judges: what is in the log happened.
func (s *State) Fold(e Event) {
	s.Head, s.LastAt = e.Seq, max(s.LastAt, e.At)
	if e.Key != "" {
		s.noteKey(e)
	}
	switch f := e.Fact.(type) {
	case Created:
		s.foldCreated(f)
		s.noteEdits(e, Info{})
	case Edited:
		was := s.Info
		s.foldEdited(f)
		s.noteEdits(e, was)
	case Scheduled:
		was := s.Info
		s.foldScheduled(f)
		s.noteEdits(e, was)
	case Opened:
		s.foldOpened(e)
	case Closed:
		s.foldEnded(e, StatusClosed, f.Reason)
	case Deleted:
		s.foldEnded(e, StatusDeleted, f.Reason)
	case ManagerSet:
		s.foldManagerSet(e.Seq, f)
	case ManagerRemoved:
		s.foldManagerRemoved(e, f)
	case ManagerEntered:
		s.change(f.Participant, e.Seq, func(p *Person) { p.Entered = true })
	case Issued:
		s.foldIssued(e, f)
	case Revised:
		s.foldRevised(f)
	case LinkOpened:
		s.foldLinkOpened(f)
	case Claimed:
		s.foldClaimed(e, f)
	case Missed:
		s.foldMissed(e, f)
	case Requested:
		s.foldRequested(e, f)
	case Dismissed:
		s.edit(f.Participant).settle()
	case CodeSent:
		s.foldCodeSent(e, f)
	case CodeMissed:
		s.foldCodeMissed(f)
	case Renewed:
		s.foldRenewed(f)
	case Freed:
		s.change(f.Participant, e.Seq, func(p *Person) { p.Claims, p.Early, p.rare = nil, false, nil })
	case Revoked:
		s.foldRevoked(e, f)
	case Restored:
		s.foldRestored(f)
	case GuestLinkSet:
		s.foldGuestLinkSet(e, f)
	case GuestLinkRemoved:
		s.foldGuestLinkRemoved(f)
	case RoleChanged:
		s.change(f.Participant, e.Seq, func(p *Person) { p.Role = f.Role })
		s.lend(lent{s.seatOfID(f.Participant), f.UntilAt, f.Back})
	case ChatPosted:
		s.chat.post(message(e, f.Who, f.Text, f.ReplyTo, f.Mentions), s.seatOfID(f.Participant), s.by)
		s.noteWritten(e, f.Participant)
		s.flow.add(flowPost+len(f.Text), e.At)
	case ChatLiked:
		s.flow.add(flowLike, e.At)
		s.chat.like(f, s.seatOfID(f.Participant))
	case ChatDeleted:
		s.chat.drop(f.ID, s.by)
		s.dropReports(func(r report) bool { return r.id == f.ID })
	case ChatCleared:
		s.foldChatCleared()
	case Muted:
		s.foldMuted(e, f)
	case Unmuted:
		s.foldUnmuted(f)
	case Removed:
		s.foldRemoved(e, f)
	case Banned:
		s.foldBanned(e, f)
	case Unbanned:
		s.foldUnbanned(f)
	case SettingsChanged:
		s.foldSettings(e, f)
	case Granted:
		s.foldGranted(e, f)
	case Denied:
		s.foldDenied(e, f)
	case Reported:
		s.foldReported(e, f)
	case ReportSettled:
		s.dropReports(func(r report) bool { return r.id == f.ID })
	case Announced:
		s.foldAnnounced(e, f)
	case AnnouncementWithdrawn:
		s.dropAnnounced(func(a announced) bool { return a.ID == f.ID })
	case Pinned:
		s.foldPinned(e, f)
	case Unpinned:
		s.pin = nil
	case Sourced:
		s.source = f.URL
	case BackstageTurned:
		s.Backstage, s.turnedBy, s.TurnedAt = f.Open, f.Site, e.Seq
	case SiteChanged:
		s.foldSiteChanged(e.Seq, f)
	case DomainSet:
		s.foldDomain(s.Site().Domains.with(DomainRule{f.Domain, f.Exact, f.Block, e.At}))
	case DomainRemoved:
		s.foldDomain(s.Site().Domains.without(f.Domain, f.Exact))
	case SiteMailChanged:
		s.foldSiteMail(e.Seq, f)
	case TemplateSet:
		s.foldTemplate(e, f)
	case TemplateRemoved:
		s.foldTemplateRemoved(f)
	case Erased:
		s.foldErased(e, f)
	case Forgotten:
		s.foldForgotten(e)
	case QuestionAsked, QuestionVoted, QuestionPublished, QuestionClaimed, QuestionAnswered, QuestionDismissed:
		s.foldQuestion(e)
	case HandRaised, HandLowered, HandsCleared:
		s.foldHand(e)
	case StageOffered, OfferEnded:
		s.foldOffer(e)
	case Renamed:
		s.foldRenamed(f)
	case KnockTold:
		s.foldTold(e, f)
	case BackchannelPosted:
		s.backchannel.post(message(e, f.Who, f.Text, f.ReplyTo, f.Mentions), s.seatOfID(f.Participant), s.by)
	default:
		if !s.foldLife(e) {
			s.foldInteraction(e)
		}
	}
}

// change edits somebody whose view of the room changes by it.
func (s *State) change(id ParticipantID, at Seq, edit func(*Person)) {
	p := s.edit(id)
	was := p.Admitted()
	edit(p)
	p.Since = at
	if p.Waits && (p.Revoked || len(p.Claims) == 0 || p.Role.Staff()) {
		s.leaveWaiting(p)
	}
	if p.ID == "" {
		return
	}
	if p.Revoked {
		s.lend(lent{seat: s.seatOfID(id)})
		s.dropOffer(id)
	}
	if !p.Waits {
		s.dropTold(s.seatOfID(id))
	}
	s.restage(p, was)
}
