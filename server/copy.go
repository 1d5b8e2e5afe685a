package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"text/tabwriter"

	"greenroom/hub/store"
)

// copyStore is the command store copy: the whole site moves to another database, and the two are
// compared row by row before it says so.
func copyStore(ctx context.Context, line *commandLine, stdout, stderr io.Writer) error {
	from, to, err := judgeCopy(line)
	if err != nil {
		return err
	}
	s, err := judge(line)
	if err != nil {
		return err
	}
	if path := from.path(s.data); path != "" {
		if _, err := os.Stat(path); err != nil {
			return refuse("Name the file with --from, or its folder with --data.", "there is no greenroom database at %s", path)
		}
	}
	source, closeSource, err := openAlone(ctx, from, s.data)
	if err != nil {
		return err
	}
	defer closeSource()
	target, closeTarget, err := openAlone(ctx, to, s.data)
	if err != nil {
		return err
	}
	defer closeTarget()
	return copyAll(ctx, source, target, to.name(s.data), stdout, stderr)
}

func judgeCopy(line *commandLine) (from, to database, err error) {
	o := line.StoreCommands.Copy
	if from, err = judgeDatabase("--from", o.From, line.StoreConns); err != nil {
		return from, to, err
	}
	if to, err = judgeDatabase("--to", o.To, line.StoreConns); err != nil {
		return from, to, err
	}
	if from == to {
		return from, to, refuse("Name another database with --to.", "--from and --to are the same database")
	}
	return from, to, nil
}

// openAlone opens a database, a file only if no server has it.
func openAlone(ctx context.Context, d database, data string) (store.Store, func(), error) {
	unlock := func() {}
	if path := d.path(data); path != "" {
		var err error
		if unlock, err = lock(path); err != nil {
			return nil, nil, explainStore(path, err)
		}
	}
	opened, err := d.open(ctx, data, slog.New(slog.DiscardHandler))
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return opened, func() { opened.Close(); unlock() }, nil
}

func copyAll(ctx context.Context, source, target store.Store, name string, stdout, stderr io.Writer) error {
	copier, ok := source.(store.Copier)
	if !ok {
		return refuse("Choose another with --from.", "this database cannot be copied")
	}
	out := tabwriter.NewWriter(stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(out, "TABLE\tROWS\tSHA-256 OF BOTH")
	rows := int64(0)
	err := copier.CopyTo(ctx, target, func(c store.Copied) {
		rows += c.Rows
		fmt.Fprintf(out, "%s\t%d\t%x\n", c.Table, c.Rows, c.Sum)
	})
	out.Flush()
	switch {
	case errors.Is(err, store.ErrConflict):
		return refuse("Name an empty database with --to.", "%s is not empty; nothing was copied", name)
	case err != nil:
		return refuse("Stop all servers, empty the database that --to names, and copy again.", "the copy is not whole: %s", saidByStore(err))
	}
	chains, err := verifyCopy(ctx, target)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "The site is in %s: %d rows, compared with what they were read from; %d audit chains are intact. Start the servers with --store.\n", name, rows, chains)
	return nil
}

func verifyCopy(ctx context.Context, target store.Store) (chains int, err error) {
	for report, err := range store.VerifyAudits(ctx, target, "") {
		if err == nil {
			err = report.Err()
		}
		if err != nil {
			return chains, fmt.Errorf("the audit log of the copy: %w", err)
		}
		chains++
	}
	return chains, nil
}
