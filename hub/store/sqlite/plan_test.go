package sqlite

import (
	"path/filepath"
	"strings"
	"testing"

	"greenroom/hub/store/sqltext"
)

// Every statement that runs while people wait finds its rows by an index, and
// the right one: the planner has no statistics, so it can be wrong.
func TestStatementsUseIndexes(t *testing.T) {
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for text, want := range map[string]string{
		sqltext.EndBallot:            "(room=?)",
		sqltext.Ballot:               "COVERING INDEX ballot_most (room=? AND interaction=?)",
		sqltext.TellBallot:           "ballot_untold (room=? AND interaction=? AND untold>?)",
		sqltext.ToldBallot:           "INDEX ballot_most (room=? AND interaction=?)",
		sqltext.ToldTexts:            "PRIMARY KEY (room=? AND interaction=? AND choice>?)",
		sqltext.BallotTexts:          "PRIMARY KEY (room=? AND interaction=? AND choice>?)",
		sqltext.LastEvent:            "PRIMARY KEY (room=?)",
		sqltext.EventsAfter:          "PRIMARY KEY (room=? AND seq>?)",
		sqltext.Page(2):              "COVERING INDEX log_kind (room=? AND kind=? AND seq<?)",
		sqltext.Heads(4):             "PRIMARY KEY (room=?)",
		sqltext.Due:                  "room_due (state=? AND starts_at<?)",
		sqltext.Snapshot:             "(room=?)",
		sqltext.Person:               "(id=?)",
		sqltext.PersonByEmail:        "person_canonical (canonical=?)",
		sqltext.Key:                  "(hash=?)",
		sqltext.Keys:                 "api_key_person (person=?)",
		sqltext.SearchPeople:         "person_canonical (canonical>?)",
		sqltext.People:               "person_canonical (canonical>? AND canonical<?)",
		sqltext.Invited:              "address_search (room=? AND search>? AND search<?)",
		sqltext.OwnerExists:          "person_owner",
		sqltext.OwnerActs:            "person_owner",
		sqltext.SetPerson:            "(id=?)",
		sqltext.DeletePersonSessions: "session_person (person=?)",
		sqltext.DropOneTimes:         "one_time_person (person=?)",
		sqltext.Groups:               "people_group_name",
		sqltext.AddMember:            "(id=?)",
		sqltext.Members:              "(people_group=?)",
		sqltext.GroupsOf:             "COVERING INDEX membership_person (person=?)",
		sqltext.TakeOneTime:          "(secret=?)",
		sqltext.SweepOneTime:         "one_time_expires (expires<?)",
		sqltext.Session:              "(id=?)",
		sqltext.Sessions(512):        "session_offered (offered=?)",
		sqltext.TouchSessions(512):   "(id=?)",
		sqltext.RenewSession:         "(id=?)",
		sqltext.OfferSession:         "(id=?)",
		sqltext.AcceptSession:        "session_offered (offered=?)",
		sqltext.Openings:             "(session=?)",
		sqltext.Link:                 "(public_id=?)",
		sqltext.Logo:                 "(hash=?)",
		sqltext.Address:              "(room=? AND invitation=?)",
		sqltext.PutAddress:           "address_place (room=?)",
		sqltext.Rooms(0, false):      "manager_person (person=?)",
		sqltext.Rooms(2, true):       "address_canonical (canonical=?)",
		sqltext.AddMail:              "mail_invitation (room=? AND invitation=?)",
		sqltext.AddNotices:           "mail_recipient (recipient=? AND created>?)",
		sqltext.DropMails:            "(room=?)",
		sqltext.MailDue:              "mail_due (due<?)",
		sqltext.LeaseMail:            "mail_due (due<?)",
		sqltext.EndMail:              "(id=?)",
		sqltext.HastenMail:           "mail_invitation (room=? AND invitation=?)",
		sqltext.Mails(5):             "mail_invitation (room=? AND invitation=?)",
		sqltext.MailsToRecipient:     "mail_recipient (recipient=? AND created>?)",
		sqltext.CodesToRecipient:     "mail_recipient (recipient=? AND created>?)",
		sqltext.RequestsToRecipient:  "mail_recipient (recipient=? AND created>?)",
		sqltext.SweepCodeMails:       "mail_code (created<?)",
		sqltext.SweepCodes:           "code_expires (expires<?)",
		sqltext.VerifyPerson:         "person_canonical (canonical=?)",
		sqltext.TakeCode:             "(purpose=? AND subject=?)",
		sqltext.MissCode:             "(purpose=? AND subject=?)",
		sqltext.MailsByInviter:       "COVERING INDEX mail_inviter (inviter=? AND created>?)",
		sqltext.MailsWaiting:         "mail_due",
		sqltext.AuditHead:            "(room=?)",
		sqltext.AuditHeads:           "(room>?)",
		sqltext.AuditChain:           "(room=? AND number>?)",

		sqltext.Audit(false, false, false, 0): "audit_at (at>? AND at<?)",
		sqltext.Audit(true, false, true, 0):   "audit_room_at (room=? AND at>? AND at<?)",
		sqltext.Audit(false, true, false, 3):  "PRIMARY KEY (id=?)",

		sqltext.Identity:          "(issuer=? AND subject=?)",
		sqltext.IdentitiesOf:      "identity_person (person=?)",
		sqltext.SetIdentityGroups: "(issuer=? AND subject=?)",
		sqltext.TakeUnproven:      "person_canonical (canonical=?)",

		sqltext.SignIn:                             "(id=?)",
		sqltext.PersonSessions:                     "session_person (person=?)",
		sqltext.NoteEnded:                          "(id=?)",
		sqltext.NoteOtherEnded:                     "session_person (person=?)",
		sqltext.DeleteOtherSessions:                "session_person (person=?)",
		sqltext.DeletePersonSession:                "session_person (person=?)",
		sqltext.Ended:                              "ended_at (at>?)",
		sqltext.SweepEnded:                         "ended_at (at<?)",
		sqltext.SetPassword:                        "(id=?)",
		sqltext.GoOnVisits(sqltext.Attended, 512):  "attendance_1 (room=? AND participant=?)",
		sqltext.GoOnVisits(sqltext.Waited, 512):    "waited_1 (room=? AND participant=?)",
		sqltext.BeginVisits(sqltext.Attended, 512): "attendance_1 (room=? AND participant=?)",
		sqltext.EndVisits(sqltext.Attended, 512):   "attendance_1 (room=? AND participant=?)",
		sqltext.EndVisits(sqltext.Waited, 512):     "waited_1 (room=? AND participant=?)",
		sqltext.EndVisitsOf(sqltext.Attended):      "attendance_open (instance=?)",
		sqltext.EndVisitsOf(sqltext.Waited):        "waited_open (instance=?)",
		sqltext.Stays(sqltext.Attended):            "attendance_1 (room=?)",
		sqltext.Stays(sqltext.Waited):              "waited_1 (room=?)",
		sqltext.StillAlive:                         "(id=?)",
		sqltext.Silent:                             "instance_beat_at (at<?)",
		sqltext.RoomReactions:                      "(room=?)",
		sqltext.RosterAddresses:                    "address_changed (room=? AND changed>?)",
		sqltext.RosterMails:                        "mail_changed (room=? AND changed>?)",
		sqltext.RosterVisits:                       "attendance_changed (room=? AND changed>?)",
	} {
		plan := explain(t, s, text)
		if !strings.Contains(plan, want) || reads(plan) {
			t.Errorf("%s\nis planned as\n%s\nwithout %s", text, plan, want)
		}
	}
}

// The type-ahead reads each of its ranges by its own index and in its order:
// it stops after the few that it shows, however many fit.
func TestTypeAheadReadsFewRows(t *testing.T) {
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for text, ranges := range map[string][]string{
		sqltext.People: {
			"COVERING INDEX person_name (name_search>? AND name_search<?)",
			"COVERING INDEX person_last (last_search>? AND last_search<?)",
			"INDEX person_canonical (canonical>? AND canonical<?)",
		},
		sqltext.Invited: {
			"COVERING INDEX address_name (room=? AND name_search>? AND name_search<?)",
			"COVERING INDEX address_last (room=? AND last_search>? AND last_search<?)",
			"COVERING INDEX address_search (room=? AND search>? AND search<?)",
		},
	} {
		plan := explain(t, s, text)
		for _, want := range ranges {
			if found := strings.Index(plan, want); found < 0 || strings.Contains(lineAfter(plan[max(found, 0):]), "ORDER BY") {
				t.Errorf("planned as\n%s\nwithout %s in order", plan, want)
			}
		}
	}
}

// lineAfter is the second line of a text.
func lineAfter(text string) string {
	_, rest, _ := strings.Cut(text, "\n")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// reads says that a plan goes through a whole table.
func reads(plan string) bool {
	for line := range strings.Lines(plan) {
		if strings.HasPrefix(line, "SCAN ") && strings.Contains("log person room address manager link opening mail attendance waited reacted ballot told mine theirs", strings.Fields(line)[1]) &&
			!strings.Contains(line, "person_owner") && !strings.Contains(line, "mail_due") {
			return true
		}
	}
	return false
}

func explain(t *testing.T, s *Store, text string) string {
	t.Helper()
	rows, err := s.engine.reads.Query("EXPLAIN QUERY PLAN "+text, make([]any, 2000)...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(detail + "\n")
	}
	return plan.String()
}
