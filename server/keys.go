package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/mailaddr"
)

// createKey is the command keys create. It works beside a running server.
func createKey(ctx context.Context, line *commandLine, stdout, stderr io.Writer) error {
	o := line.Keys.Create
	if o.Expires < 0 {
		return refuse("Choose a time such as 720h, or 0 for a key that works until it is ended.", "--expires %s lies in the past", o.Expires)
	}
	opened, person, err := accountForCommand(ctx, line, o.Email)
	if err != nil {
		return err
	}
	defer opened.Close()
	secret := api.NewAPIKey()
	k := store.APIKey{Hash: api.HashSecret(secret), Person: person.ID, Label: o.Label, Scope: o.Scope, Created: time.Now()}
	if o.Expires > 0 {
		k.Expires = k.Created.Add(o.Expires)
	}
	if err := opened.PutKey(ctx, k, keyAct("key.created", &k)); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "This key acts as %s %s, scope %s, %s. It is shown only now.\n", person.FirstName, person.LastName, k.Scope, until(k.Expires))
	fmt.Fprintln(stdout, secret)
	return nil
}

// keyAct is the audit row of an act on a key by whoever keeps this machine.
func keyAct(act string, k *store.APIKey) store.AuditRow {
	return store.AuditRow{Room: store.AuditSite, Act: act, Targets: []string{string(k.Person), k.ID()}}
}

func until(expires time.Time) string {
	if expires.IsZero() {
		return "until it is ended"
	}
	return "until " + expires.Local().Format(time.DateTime)
}

// listKeys is the command keys list.
func listKeys(ctx context.Context, line *commandLine, stdout, _ io.Writer) error {
	opened, person, err := accountForCommand(ctx, line, line.Keys.List.Email)
	if err != nil {
		return err
	}
	defer opened.Close()
	all, err := opened.Keys(ctx, person.ID)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(out, "KEY\tSCOPE\tWORKS\tLAST USED\tLABEL")
	for _, k := range all {
		used := "never"
		if !k.Used.IsZero() {
			used = k.Used.Local().Format(time.DateTime)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", k.ID(), k.Scope, until(k.Expires), used, k.Label)
	}
	return out.Flush()
}

// endKey is the command keys end.
func endKey(ctx context.Context, line *commandLine, _, stderr io.Writer) error {
	o := line.Keys.End
	opened, person, err := accountForCommand(ctx, line, o.Email)
	if err != nil {
		return err
	}
	defer opened.Close()
	all, err := opened.Keys(ctx, person.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(k store.APIKey) bool { return k.ID() == o.Key })
	if i < 0 {
		return refuse("keys list says which there are.", "%s has no key %s", o.Email, o.Key)
	}
	if err := opened.EndKey(ctx, all[i].Hash, keyAct("key.ended", &all[i])); err != nil {
		return err
	}
	fmt.Fprintln(stderr, "The key is ended. Connections with it close within seconds.")
	return nil
}

// accountForCommand opens the database and finds somebody's account in it.
func accountForCommand(ctx context.Context, line *commandLine, email string) (store.Store, store.Person, error) {
	address, err := mailaddr.Parse(email)
	if err != nil {
		return nil, store.Person{}, refuse("Write the address of the person's account.", "--email %q: %v", email, err)
	}
	_, opened, err := openForCommand(ctx, line)
	if err != nil {
		return nil, store.Person{}, err
	}
	person, err := opened.PersonByEmail(ctx, address.Canonical)
	if errors.Is(err, store.ErrNotFound) {
		err = refuse("Make the account first, or check the address.", "nobody has an account with the address %s", email)
	}
	if err != nil {
		opened.Close()
	}
	return opened, person, err
}

// openForCommand opens the database of a server that may be running; the database keeps the two apart.
// It makes nothing: a mistyped folder shall not become an empty site.
func openForCommand(ctx context.Context, line *commandLine) (settings, store.Store, error) {
	s, err := judge(line)
	if err != nil {
		return s, nil, err
	}
	if u, err := url.Parse("//" + s.listen); err == nil && !s.publicGiven && u.Port() == "0" {
		return s, nil, refuse("Say with --public-url what people type into their browser.", "with port 0 the links' address is not known")
	}
	if path := s.store.path(s.data); path != "" {
		if _, err := os.Stat(path); err != nil {
			return s, nil, refuse("Name the server's folder with --data, or start the server once.", "there is no greenroom database at %s", path)
		}
	}
	opened, err := s.store.open(ctx, s.data, slog.New(slog.DiscardHandler))
	return s, opened, err
}
