// Package report tells what was in a room: who waited, came, left and came
// back, in which role, how much happened in which minute, and what people did.
//
// Everything is computed from what is durable, the room's log and the rows of
// visits, whenever somebody asks. Nothing has to be begun or ended, so that a
// report is right after a crash, and right so far while the session runs.
//
// A room may be opened again after it was closed: each time is a session, with
// the waiting before it. Sessions are numbered from 1.
//
// Start reading at report.go, then spans.go.
package report
