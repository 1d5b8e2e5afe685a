package room

import "pgregory.net/rapid"

// What may be in the log of a random room, whoever asked for it.

// edited: nobody overwrites what was changed after the version that they saw.
func (r *randomRoom) edited(t *rapid.T, c Command, events []Event) {
	edit, ok := c.(EditRoom)
	if !ok || edit.Version == 0 || edit.Version == r.s.Version() {
		return
	}
	for _, e := range events {
		switch e.Fact.(type) {
		case Edited, Scheduled:
			t.Fatalf("an edit of version %d changed version %d", edit.Version, r.s.Version())
		}
	}
}

// lives: the door opens once, never before its time by itself; what is held by
// a pause does not happen, and a countdown ends ten seconds after it began.
func (r *randomRoom) lives(t *rapid.T, by Actor, e Event, s *State) {
	me, _ := s.Participant(e.Participant)
	viewer := me != nil && me.Role == Viewer
	switch f := e.Fact.(type) {
	case Opened:
		early := e.At < s.OpensAt() || s.Status != StatusScheduled
		if s.Status == StatusOpen || by.System && early {
			t.Fatalf("opened at %d, %s: due at %d", e.At, s.Status, s.OpensAt())
		}
	case GoingLive:
		held := s.Status == StatusOpen && s.pause != nil
		early := s.Status == StatusScheduled && s.Backstage && f.LiveAt < s.StartsAt
		if s.liveAt != 0 || f.LiveAt != e.At+10_000 || !held && !early || held != f.Resumes {
			t.Fatalf("goes live: %+v at %d", f, e.At)
		}
	case Paused:
		if s.Status != StatusOpen {
			t.Fatalf("paused while %s", s.Status)
		}
	case Unattended:
		if s.absence == nil || s.absence.warned != nil || e.At < s.absence.since+s.AbsenceRule().length() || f.At <= e.At {
			t.Fatalf("warned at %d: %+v", e.At, s.absence)
		}
	case HostsBack:
		if s.absence == nil {
			t.Fatal("somebody is back whom nobody has missed")
		}
	case Closed:
		if by.System && (s.unattended() == nil || e.At < s.unattended().At || s.unattended().Then != AbsenceEnds) {
			t.Fatalf("ended by itself at %d: %+v", e.At, s.absence)
		}
	case SettingsChanged:
		if by.System && (s.unattended() == nil || e.At < s.unattended().At || s.unattended().Then != AbsenceLocks) {
			t.Fatalf("locked by itself at %d: %+v", e.At, s.absence)
		}
	case Resumed:
		if s.pause == nil || by.System && e.At < s.liveAt {
			t.Fatalf("resumed at %d, due at %d", e.At, s.liveAt)
		}
	case InteractionLaunched, InteractionAnswered:
		if s.pause != nil {
			t.Fatalf("%s in a pause", e.Fact.Kind())
		}
	case ChatPosted, QuestionAsked, QuestionVoted, HandRaised, ChatLiked:
		if s.pause != nil && viewer {
			t.Fatalf("%s by a viewer in a pause", e.Fact.Kind())
		}
	}
	if s.absence != nil && s.Status != StatusOpen || s.pause != nil && s.Status != StatusOpen || s.liveAt != 0 && s.Status != StatusScheduled && s.pause == nil {
		t.Fatalf("%s, paused %v, live at %d", s.Status, s.pause, s.liveAt)
	}
}

// judged looks at an event that is about to happen with other eyes than
// Decide's: gapless, forward in time, and nobody acts above their rank.
func (r *randomRoom) judged(t *rapid.T, by Actor, c Command, e Event, s *State) {
	if e.Seq != s.Head+1 || e.At < s.LastAt {
		t.Fatalf("%s: event %d at %d after %d at %d", c.Name(), e.Seq, e.At, s.Head, s.LastAt)
	}
	if _, first := e.Fact.(Created); first || s.Head < 2 {
		return
	}
	if r.guestCame(t, e, s) {
		return
	}
	r.lives(t, by, e, s)
	me, ok := s.Participant(e.Participant)
	if !ok {
		finished, _ := c.(EndFinished)
		if p, known := s.Participant(finished.Participant); known && p.Finishing && by.System {
			return
		}
		if kind := e.Fact.Kind(); kind != "room.opened" && kind != "room.backstage" && kind != "invitation.opened" {
			if by.System {
				return
			}
			t.Fatalf("%s is done by nobody", kind)
		}
		return
	}
	_, asks := e.Fact.(Requested)
	hand, lowers := e.Fact.(HandLowered)
	follows := lowers && hand.Why == HandLeft && hand.Participant == me.ID // they left of themselves, a fact before
	if me.Revoked && !asks && !follows {
		t.Fatalf("%s is done by somebody who was sent away", e.Fact.Kind())
	}
	outranks := func(id ParticipantID, other Role) {
		if !me.Role.Outranks(other) {
			t.Fatalf("%s: a %s acted on %s, a %s", e.Fact.Kind(), me.Role, id, other)
		}
	}
	var right Action
	target := ParticipantID("")
	switch f := e.Fact.(type) {
	case RoleChanged:
		if f.Participant == me.ID {
			ownRole(t, c, f, s)
			break
		}
		target, right = f.Participant, Action("role.set:"+f.Role.String())
		outranks("new role", f.Role)
	case ManagerSet:
		right = ActSetManager
		outranks("new right", f.Right)
		if _, known := s.Participant(f.Participant); known {
			target = f.Participant
		}
	case ManagerRemoved:
		target, right = f.Participant, ActSetManager
	case Issued:
		right = ActManageInvitation
		outranks("new guest", f.Type)
	case Revised:
		target, right = f.Participant, ActManageInvitation
	case Renewed:
		target, right = f.Participant, ActManageInvitation
	case Freed:
		target, right = f.Participant, ActManageInvitation
	case Revoked:
		target, right = f.Participant, ActManageInvitation
	case Restored:
		target, right = f.Participant, ActManageInvitation
	case Claimed:
		if me.Finishing {
			t.Fatal("claimed by somebody who may only finish")
		}
		_, frees := me.ClaimOf(f.Instead)
		if f.Participant != me.ID || frees == me.Roomy() || f.Generation != me.Generation+1 || me.Match.IsZero() {
			t.Fatalf("claimed: %+v by %+v", f, me)
		}
	case Dismissed:
		right = ActManageInvitation
	case Muted:
		target, right = f.Participant, ActMute
	case Unmuted:
		target, right = f.Participant, ActMute
	case Removed:
		target, right = f.Participant, ActRemove
	case Banned:
		target, right = f.Participant, ActBan
		if f.Scope == BanDomain && f.Domain == "" {
			t.Fatalf("a ban of no domain: %+v", f)
		}
	case Unbanned:
		target, right = f.Participant, ActBan
	case SettingsChanged:
		right = ActSetSettings
	case Granted, Denied:
		right = ActAdmit
	case Announced, AnnouncementWithdrawn:
		right = ActAnnounce
	case Pinned:
		right = ActPin
	case ChatCleared:
		right = ActChatClear
	case ChatPosted:
		right = ActChatPost
		if settings := s.Settings(); me.Muted || me.Waits || me.Role < settings.ChatFor || !settings.Chat && !me.Role.May(ActSetSettings) {
			t.Fatalf("%+v wrote against the settings %+v", me, settings)
		}
	case BackchannelPosted:
		right = ActBackchannelPost
	case QuestionAsked:
		right = ActQuestionAsk
	case QuestionPublished:
		right = ActQuestionPublish
	case QuestionClaimed:
		right = ActQuestionClaim
	case QuestionAnswered:
		right = ActQuestionAnswer
	case QuestionDismissed:
		right = ActQuestionDismiss
	case StageOffered:
		target, right = f.Participant, ActSetSpeaker
	case OfferEnded:
		if f.Why == OfferWithdrawn {
			right = ActSetSpeaker
		}
	case Renamed:
		target, right = f.Participant, ActRename
	case KnockTold:
		right = ActAdmit
	case HandsCleared:
		right = ActHandClear
	case HandLowered:
		if f.Why == HandDeclined || f.Why == HandCleared {
			right = ActHandClear
		}
	case InteractionCreated, InteractionRevised, InteractionRemoved:
		right = ActInteractionCreate
	case InteractionLaunched, InteractionStopped, InteractionShared, InteractionShown:
		right = ActInteractionLaunch
	case InteractionAnswered:
		right = ActInteractionAnswer
		r.answered(t, c, f)
	case GuestLinkSet, GuestLinkRemoved:
		right = ActManageInvitation
	case Edited:
		right = ActEditRoom
	case Deleted:
		right = ActDeleteRoom
	case Paused, Resumed:
		right = ActPause
	case GoingLive, GoLiveCancelled:
		right = ActGoLive
	}
	if right != "" && !me.Role.May(right) {
		t.Fatalf("%s is done by a %s", e.Fact.Kind(), me.Role)
	}
	if target != "" {
		p, _ := s.Participant(target)
		outranks(target, p.Role)
	}
}

// ownRole: nobody rises by themselves but where they were asked to, or the
// stage is open and has room.
func ownRole(t *rapid.T, c Command, f RoleChanged, s *State) {
	_, asked := s.offerTo(f.Participant)
	switch c.(type) {
	case LeaveStage:
		l, lent := s.lending(s.seatOfID(f.Participant))
		if f.From.Outranks(f.Role) && (!lent || f.UntilAt == l.until || !f.Role.Outranks(l.back)) {
			return
		}
	case AnswerOffer:
		if asked && f.Role == Speaker {
			return
		}
	case HandRaise:
		if s.roomOnStage() && f.Role == Speaker {
			return
		}
	}
	t.Fatalf("%s by %s: %+v", c.Name(), f.Participant, f)
}
