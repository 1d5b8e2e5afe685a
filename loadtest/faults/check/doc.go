// Package check judges a history of the fault rig: one pure function for each
// of the promises that must stay true whatever fails. Each gives a Verdict: how
// many cases it found in the history, and those that break the promise, with
// the entries that show it. A promise without a case was not exercised, which
// is no pass.
//
// The log is compared with what people invoked, were answered and were shown
// in the manner of checkers of logs: an answer or a delivery pins a place, and
// places are compared with each other and with the store's log at the end.
// What behaves like one variable (somebody's role, a link's owner) is checked
// as a linearizable register by porcupine, person by person and link by link.
//
// Unknown outcomes: a command whose answer was lost may have happened at any
// time after it was sent, or never. Where the log at the end has its key it has
// happened; where not, it has not. "unavailable" is such an outcome too: the
// server asks for the same key again.
//
// A time limit counts only where nothing that the rig broke on purpose stood in
// the way, or was recovering (Run.healthy).
//
// Start at check.go, then run.go; one file for each family of promises.
package check
