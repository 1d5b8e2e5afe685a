package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/server/api"
	"greenroom/server/mailaddr"
)

// createKey is the command keys create. It works beside a running server.
func createKey(ctx context.Context, line *commandLine, stdout, stderr io.Writer) error {
	o := line.Keys.Create
	address, err := mailaddr.Parse(o.Email)
	if err != nil {
		return refuse("Write the address of the person's account.", "--email %q: %v", o.Email, err)
	}
	if o.Expires < 0 {
		return refuse("Choose a time such as 720h, or none.", "--expires %s lies in the past", o.Expires)
	}
	_, opened, err := openForCommand(ctx, line)
	if err != nil {
		return err
	}
	defer opened.Close()
	person, err := opened.PersonByEmail(ctx, address.Canonical)
	if errors.Is(err, store.ErrNotFound) {
		return refuse("Make the account first, or check the address.", "nobody has an account with the address %s", o.Email)
	}
	if err != nil {
		return err
	}
	var expires time.Time
	if o.Expires > 0 {
		expires = time.Now().Add(o.Expires)
	}
	key := api.NewAPIKey()
	if err := opened.PutKey(ctx, api.HashSecret(key), person.ID, o.Label, expires,
		store.AuditRow{Room: store.AuditSite, Act: "key.created", Targets: []string{string(person.ID)}}); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "This key acts as %s %s. It is shown only now.\n", person.FirstName, person.LastName)
	fmt.Fprintln(stdout, key)
	return nil
}

// openForCommand opens the database of a server that may be running; SQLite keeps the two apart.
// It makes nothing: a mistyped folder shall not become an empty site.
func openForCommand(ctx context.Context, line *commandLine) (settings, *sqlite.Store, error) {
	s, err := judge(line)
	if err != nil {
		return s, nil, err
	}
	if u, err := url.Parse("//" + s.listen); err == nil && !s.publicGiven && u.Port() == "0" {
		return s, nil, refuse("Say with --public-url what people type into their browser.", "with port 0 the links' address is not known")
	}
	path := s.database(s.data)
	if _, err := os.Stat(path); err != nil {
		return s, nil, refuse("Name the server's folder with --data, or start the server once.", "there is no greenroom database at %s", path)
	}
	opened, err := sqlite.Open(ctx, sqlite.Options{Path: path})
	return s, opened, explainStore(path, err)
}
