package main

import (
	"context"
	"fmt"
	"io"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// verifyAudit is the command audit verify. It works beside a running server.
// It says a line for each chain and fails if one is broken.
func verifyAudit(ctx context.Context, line *commandLine, stdout, _ io.Writer) error {
	_, opened, err := openForCommand(ctx, line)
	if err != nil {
		return err
	}
	defer opened.Close()
	if id := room.ID(line.Audit.Verify.Room); id != "" {
		return tellChain(ctx, opened, id, stdout)
	}
	var broken error
	for id, err := range store.AuditChains(ctx, opened) {
		if err != nil {
			return err
		}
		if err := tellChain(ctx, opened, id, stdout); err != nil && broken == nil {
			broken = err
		}
	}
	return broken
}

func tellChain(ctx context.Context, s store.Audits, id room.ID, stdout io.Writer) error {
	report, err := store.VerifyAudit(ctx, s, id)
	if err != nil {
		return err
	}
	if report.Broken != "" {
		fmt.Fprintf(stdout, "%s: BROKEN at entry %d: %s\n", id, report.Number, report.Broken)
		return report.Err()
	}
	fmt.Fprintf(stdout, "%s: intact, %d entries (%d with pseudonyms), head %x\n", id, report.Entries, report.Pseudonyms, report.Head)
	return nil
}
