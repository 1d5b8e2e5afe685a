// Command server is greenroom's room server: one program, one port for people, one for its keeper.
//
// Where to start reading: config.go is the table of everything that can be set, run.go starts the
// parts in order and stops them backwards, dev.go is the seeded trial that --dev gives. What people
// see is in api, socket and web; what happens in a room is in hub.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	_ "time/tzdata" // an image from scratch has no time zones of its own
)

// version is the release; the debug page and /metrics add the commit where the build knows it.
const version = "0.1.0-dev"

// The exit codes.
const (
	exitWell    = 0
	exitFailed  = 1 // something broke while running
	exitRefused = 2 // it cannot start like this; a sentence says what to do
)

func main() {
	os.Exit(program(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// program is main with its surroundings as arguments.
func program(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	line, command, err := parse(args, stdout, stderr)
	if errors.Is(err, errHelped) {
		return exitWell
	}
	if err == nil {
		err = command(ctx, line, stdout, stderr)
	}
	return report(err, stderr)
}

// report says how it ended.
func report(err error, stderr io.Writer) int {
	var no *refusal
	switch {
	case err == nil:
		return exitWell
	case errors.As(err, &no):
		fmt.Fprintln(stderr, "greenroom: "+no.Error())
		return exitRefused
	}
	fmt.Fprintln(stderr, "greenroom: "+err.Error())
	return exitFailed
}
