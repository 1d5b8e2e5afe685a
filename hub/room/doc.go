// Package room is the rules: what may happen in a room, and what is true after
// it happened. It is pure: no I/O, no clock, no goroutine, no randomness.
//
// A room is its log. State is the fold of the log; State.Decide judges one
// command by the state at its place in the log and gives the events to append;
// State.Fold takes an event in and never judges, because what is in the log
// happened. Show and Snapshot say what one class of people may see. Mirror is
// the other end: it folds what was shown.
//
// Start at role.go (who may do what), then state.go, decide.go, fold.go and show.go;
// every feature is one file with its commands, facts, rule and fold.
//
// The package imports the standard library only.
package room
