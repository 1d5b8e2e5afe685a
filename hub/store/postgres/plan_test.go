package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqltext"
)

// Every statement that runs while people wait can find its rows by an index:
// the order of texts, the types of what is asked for and the shape of the
// statement let it. Whether it does so depends on how large the tables are.
func TestStatementsCanUseIndexes(t *testing.T) {
	url := pgtest.Database(t)
	open(t, postgres.Options{URL: url}).Close()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	explain := func(text string) string { return plan(t, conn, text) }
	for _, setting := range []string{"enable_seqscan = off", "plan_cache_mode = force_generic_plan"} {
		if _, err := conn.Exec(t.Context(), "SET "+setting); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{
		sqltext.LastEvent, sqltext.EventsAfter, sqltext.Page(2), sqltext.Heads(4), sqltext.Due, sqltext.Snapshot,
		sqltext.Person, sqltext.PersonByEmail, sqltext.People, sqltext.Invited, sqltext.OwnerActs, sqltext.Key, sqltext.Keys,
		sqltext.Session, sqltext.PersonSessions, sqltext.TouchSession, sqltext.Sessions(4), sqltext.TouchSessions(4), sqltext.AcceptSession, sqltext.PutOpening, sqltext.Openings,
		sqltext.NoteOtherEnded, sqltext.Ended, sqltext.TakeOneTime, sqltext.Link, sqltext.Address, sqltext.PutAddress,
		sqltext.AddMail, sqltext.AddNotices, sqltext.DropMails, sqltext.MailDue, sqltext.LeaseMail, sqltext.EndMail, sqltext.HastenMail,
		sqltext.Mails(3), sqltext.MailsToRecipient, sqltext.RequestsToRecipient, sqltext.MailsByInviter, sqltext.TakeCode, sqltext.MissCode,
		sqltext.AuditHead, sqltext.AuditChain, sqltext.Audit(true, false, false, 0), sqltext.Audit(false, false, false, 2),
		sqltext.GoOnVisits(sqltext.Attended, 3), sqltext.BeginVisits(sqltext.Attended, 2), sqltext.EndVisits(sqltext.Waited, 2), sqltext.EndVisitsOf(sqltext.Attended), sqltext.EndVisitsOf(sqltext.Waited),
		sqltext.Stays(sqltext.Attended), sqltext.Stays(sqltext.Waited), sqltext.StillAlive, sqltext.Silent, sqltext.RoomReactions, sqltext.RosterAddresses, sqltext.RosterMails, sqltext.RosterVisits,
	} {
		if found := explain(text); strings.Contains(found, "Seq Scan") {
			t.Errorf("%s\nis planned as\n%s", text, found)
		}
	}
}

// plan is how a statement would run, whatever it is asked with.
func plan(t *testing.T, conn *pgx.Conn, text string) string {
	t.Helper()
	described, err := conn.Prepare(t.Context(), "judged", text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer conn.Deallocate(t.Context(), "judged")
	call := "EXPLAIN EXECUTE judged"
	if n := len(described.ParamOIDs); n > 0 {
		call += fmt.Sprintf(" (NULL%s)", strings.Repeat(", NULL", n-1))
	}
	found, err := conn.Query(t.Context(), call, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	lines, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return strings.Join(lines, "\n")
}
