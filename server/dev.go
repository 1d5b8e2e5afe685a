package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"greenroom/hub/store"
	"greenroom/server/api"
)

// The seeded room and its people.
const (
	devOpensIn = time.Minute
	devLasts   = 45 * time.Minute
	devTitle   = "Next-Level Growth: Practical Strategies That Work"
	devAbout   = "Join us for a focused 45-minute session where product leaders share tactical approaches to customer growth, " +
		"onboarding optimization, and cross-team alignment. You'll walk away with three concrete experiments you can run next week " +
		"to improve activation and retention."
)

var (
	devOwner = store.Person{Email: "daniel@example.org", Canonical: "daniel@example.org", Verified: true,
		FirstName: "Daniel", LastName: "Okafor"}
	devSpeakers = []devSpeaker{
		{"Amara Osei", "VP Product, Fieldnote"},
		{"Jonas Lindqvist", "Head of Onboarding, Tidewater"},
		{"Mei-Ling Zhao", "Growth Lead, Cartwheel"},
	}
	devGuests = []devGuest{
		{"moderator", devInvitation{"priya@example.org", "Priya", "Raman", "moderator", true}},
		{"speaker", devInvitation{"amara@example.org", "Amara", "Osei", "speaker", true}},
		{"viewer", devInvitation{"ana@example.org", "Ana", "Ferreira", "viewer", true}},
		{"viewer2", devInvitation{"henrik@example.org", "Henrik", "Bang", "viewer", true}},
	}
)

type (
	devSpeaker struct {
		Name string `json:"name"`
		Bio  string `json:"bio"`
	}
	devGuest struct {
		line string // how the terminal names the link
		devInvitation
	}
	devInvitation struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Type      string `json:"type"`
		SendEmail bool   `json:"send_email"`
	}
)

// welcome seeds a trial and prints its links, one per line (PROTOCOL.md §1).
func (r *server) welcome(ctx context.Context) error {
	if !r.dev {
		return nil
	}
	s, err := r.seed(ctx)
	if err != nil {
		return fmt.Errorf("the trial could not be seeded: %w", err)
	}
	out := bufio.NewWriter(r.out)
	fmt.Fprintf(out, "# A trial of greenroom in %s. The room opens at %s.\n", r.folder, s.opens.Local().Format("15:04:05"))
	for _, g := range devGuests {
		fmt.Fprintf(out, "# At the door %s is %s.\n", g.line, g.Email)
	}
	for _, l := range s.links {
		fmt.Fprintln(out, l.name, l.url)
	}
	fmt.Fprintln(out, "room", r.public.JoinPath("r", s.room))
	if r.keeper != nil {
		fmt.Fprintln(out, "mail", r.keeperURL()+"/mail")
		fmt.Fprintln(out, "admin", r.keeperURL()+"/")
	}
	fmt.Fprintln(out, "key", s.key)
	return out.Flush()
}

// seeded is what a trial offers.
type seeded struct {
	room  string
	opens time.Time
	links []devLink
	key   string
}

type devLink struct{ name, url string }

// seed makes what is missing of the owner, the room and the invitations, so that a kept folder is
// seeded once. Secrets are kept as hashes only: a later start makes new links and a new key.
func (r *server) seed(ctx context.Context) (seeded, error) {
	owner, err := r.seedOwner(ctx)
	if err != nil {
		return seeded{}, err
	}
	s := seeded{key: api.NewAPIKey()}
	if err := r.store.PutKey(ctx, store.APIKey{Hash: api.HashSecret(s.key), Person: owner.ID, Label: "--dev", Scope: string(api.ScopeAll), Created: time.Now()}); err != nil {
		return seeded{}, err
	}
	signIn := api.NewOneTimeSecret()
	once := store.OneTime{Secret: api.HashSecret(signIn), Purpose: "signin", Person: owner.ID, Expires: time.Now().Add(24 * time.Hour)}
	if err := r.store.PutOneTime(ctx, once); err != nil {
		return seeded{}, err
	}
	s.links = append(s.links, devLink{"owner", r.public.JoinPath("signin").String() + "#" + signIn})
	asOwner := caller{base: &url.URL{Scheme: "http", Host: r.people.Addr().String()}, host: r.public.Host, key: s.key}
	if err := s.seedRoom(ctx, asOwner); err != nil {
		return seeded{}, err
	}
	return s, s.seedGuests(ctx, asOwner)
}

func (r *server) seedOwner(ctx context.Context) (store.Person, error) {
	owner, err := r.store.PersonByEmail(ctx, devOwner.Canonical)
	if !errors.Is(err, store.ErrNotFound) {
		return owner, err
	}
	if exists, err := r.store.OwnerExists(ctx); err != nil || exists {
		return owner, errors.Join(err, refuse("Leave --dev away, or name another folder with --data.",
			"the folder %s belongs to a real site, where a trial has no business", r.folder))
	}
	owner = devOwner
	owner.ID, owner.Created = api.NewPersonID(), time.Now()
	once := store.OneTime{Secret: api.HashSecret(api.NewOneTimeSecret()), Purpose: "setup", Expires: owner.Created.Add(setupLife)}
	if err := r.store.PutOneTime(ctx, once); err != nil {
		return owner, err
	}
	return owner, r.store.CreateOwner(ctx, once.Secret, owner.Created, owner)
}

type devRoom struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	State    string    `json:"state"`
	StartsAt time.Time `json:"starts_at"`
}

// seedRoom finds the trial's room, unless it is over, or makes one.
func (s *seeded) seedRoom(ctx context.Context, as caller) error {
	var list struct{ Items []devRoom }
	if err := as.call(ctx, http.MethodGet, "/api/v1/rooms?show=all", nil, &list); err != nil {
		return err
	}
	for _, known := range list.Items {
		if known.Title == devTitle && (known.State == "scheduled" || known.State == "open") {
			s.room, s.opens = known.ID, known.StartsAt
			return nil
		}
	}
	starts := time.Now().Add(devOpensIn)
	ask := map[string]any{"title": devTitle, "description": devAbout, "speakers": devSpeakers,
		"starts_at": starts.Format(time.RFC3339Nano), "ends_at": starts.Add(devLasts).Format(time.RFC3339Nano)}
	var made devRoom
	if err := as.call(ctx, http.MethodPost, "/api/v1/rooms", ask, &made); err != nil {
		return err
	}
	s.room, s.opens = made.ID, made.StartsAt
	return nil
}

// seedGuests invites everybody, or makes new links for those who are invited already.
func (s *seeded) seedGuests(ctx context.Context, as caller) error {
	for _, g := range devGuests {
		invitations := "/api/v1/rooms/" + s.room + "/invitations"
		var made struct{ ID, URL string }
		if err := as.call(ctx, http.MethodPost, invitations, g.devInvitation, &made); err != nil {
			return err
		}
		if made.URL == "" {
			if err := as.call(ctx, http.MethodPost, invitations+"/"+made.ID+"/link", struct{}{}, &made); err != nil {
				return err
			}
		}
		s.links = append(s.links, devLink{g.line, made.URL})
	}
	return nil
}
