package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

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
	var broken error
	for report, err := range store.VerifyAudits(ctx, opened, line.Audit.Verify.Room) {
		if err != nil {
			return err
		}
		tellChain(stdout, report)
		broken = cmp.Or(broken, report.Err())
	}
	return broken
}

func tellChain(stdout io.Writer, r store.AuditReport) {
	if r.Broken != "" {
		fmt.Fprintf(stdout, "%s: BROKEN at entry %d: %s\n", r.Room, r.Number, r.Broken)
		return
	}
	fmt.Fprintf(stdout, "%s: intact, %d entries (%d with pseudonyms), head %x\n", r.Room, r.Entries, r.Pseudonyms, r.Head)
}
