package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"greenroom/hub/store"
	"greenroom/server/api"
)

// setupLife is how long a set-up link works.
const setupLife = time.Hour

// setupFile holds the set-up link, for whoever cannot see the terminal. It is removed once the
// link is used or has expired.
const setupFile = "setup-link"

// firstOwner offers a set-up link where the site has no owner yet (SECURITY.md T32). There is no
// default account and no open page: whoever holds this link becomes the owner, once.
func (r *server) firstOwner(ctx context.Context) error {
	file := filepath.Join(r.folder, setupFile)
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explainFolder(r.folder, err)
	}
	exists, err := r.store.OwnerExists(ctx)
	if err != nil || exists || r.dev {
		return err
	}
	link, err := offerSetup(ctx, r.store, r.public, time.Now())
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(link+"\n"), 0o600); err != nil {
		return explainFolder(r.folder, err)
	}
	fmt.Fprintf(r.out, "This site has no owner yet. Open this link within an hour to become it; it works once:\n\n  %s\n\nIt also stands in %s.\n", link, file)
	r.parts.runs("set-up link", func(ctx context.Context) { forgetSetup(ctx, r.store, file, setupLife) })
	return nil
}

// offerSetup makes a set-up link. Several may be out; the first that is used is the last.
func offerSetup(ctx context.Context, s store.Store, public *url.URL, now time.Time) (string, error) {
	secret := api.NewOneTimeSecret()
	err := s.PutOneTime(ctx, store.OneTime{Secret: api.HashSecret(secret), Purpose: "setup", Expires: now.Add(setupLife)})
	return public.JoinPath("setup").String() + "#" + secret, err
}

// forgetSetup removes the file when the site has an owner, when the link has expired, and when the
// server stops.
func forgetSetup(ctx context.Context, s store.Store, file string, life time.Duration) {
	defer os.Remove(file)
	ctx, cancel := context.WithTimeout(ctx, life)
	defer cancel()
	look := time.NewTicker(2 * time.Second)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if exists, err := s.OwnerExists(ctx); err == nil && exists {
				return
			}
		}
	}
}

// newSetupLink is the command setup-link.
func newSetupLink(ctx context.Context, line *commandLine, stdout, _ io.Writer) error {
	s, opened, err := openForCommand(ctx, line)
	if err != nil {
		return err
	}
	defer opened.Close()
	exists, err := opened.OwnerExists(ctx)
	if err != nil {
		return err
	}
	if exists {
		return refuse("Sign in, or ask the owner for an account.", "this site has an owner already")
	}
	link, err := offerSetup(ctx, opened, s.public, time.Now())
	if err == nil {
		fmt.Fprintln(stdout, link)
	}
	return err
}
