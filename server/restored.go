package main

import (
	"context"
	"fmt"
	"io"
)

// restored is the name of the secret that stands behind every room's epoch.
const restored = "restored"

// tellRestored is the command store restored. What was said since the backup is gone, and its places
// are given to other events: whoever was told of them must not go on from there.
func tellRestored(ctx context.Context, line *commandLine, _, stderr io.Writer) error {
	s, opened, err := openForCommand(ctx, line)
	if err != nil {
		return err
	}
	defer opened.Close()
	if err := opened.RenewSecret(ctx, restored); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "Whoever comes back to %s is told everything anew. Start the servers; those that run already, once more.\n", s.store.name(s.data))
	return nil
}
