package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// A bot that greets: from an invitation link to the end of the room.
func Example() {
	ctx := context.Background()
	c, err := client.Open(ctx, "https://talks.example/i/4fk2#gri_…")
	if err != nil {
		log.Fatal(err)
	}
	r, err := c.Join(ctx, "")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	if _, err := r.LobbyCheck(ctx, "bot@example.org"); err != nil {
		log.Fatal(err)
	}
	for ev, err := range r.Events(ctx) {
		if err != nil {
			log.Fatal(err) // the server ended it; the reason is a *client.Closed
		}
		var said room.Posted
		if ev.Name == "chat.posted" && ev.Decode(&said) == nil && said.Text == "!time" {
			if _, err := r.Reply(ctx, said.ID, r.Now().UTC().Format(time.TimeOnly)); err != nil {
				log.Print(err) // slow_down and lost connections were tried again already
			}
		}
	}
}

// Refusals say what the person needs to go on.
func ExampleOpen() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusGone)
		io.WriteString(w, `{"type":"about:blank","status":410,"code":"invitation_expired","detail":"This invitation has expired."}`)
	}))
	defer server.Close()

	_, err := client.Open(context.Background(), server.URL+"/i/4fk2#secret")
	var refusal *client.Error
	switch {
	case errors.Is(err, room.CodeOtherDevice):
		fmt.Println("in use elsewhere")
	case errors.As(err, &refusal):
		fmt.Println(refusal.Code, "-", refusal.Message)
	}
	// Output: invitation_expired - This invitation has expired.
}

// A manager makes a room, invites somebody and opens the door.
func ExampleSite() {
	ctx := context.Background()
	site := client.Site{URL: "https://talks.example", Key: "grk_…"}
	made, err := site.CreateRoom(ctx, client.NewRoom{Title: "Engines", StartsAt: time.Now().Add(time.Hour)})
	if err != nil {
		log.Fatal(err)
	}
	ada, err := site.Invite(ctx, made.ID, client.Invite{Email: "ada@example.org", FirstName: "Ada", LastName: "Byron", Type: "viewer"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("send this to Ada:", ada.URL)
	if _, err := site.PatchRoom(ctx, made.ID, client.RoomPatch{State: room.StatusOpen}); err != nil {
		log.Fatal(err)
	}
}

// Promote whoever asks for it.
func ExampleRoom_SetRole() {
	ctx := context.Background()
	c, err := client.Site{URL: "https://talks.example", Key: "grk_…"}.Client()
	if err != nil {
		log.Fatal(err)
	}
	r, err := c.Join(ctx, "r7f3")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	for ev, err := range r.Events(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		var said room.Posted
		if ev.Name == "chat.posted" && ev.Decode(&said) == nil && said.Text == "!stage" {
			if _, err := r.SetRole(ctx, said.Participant, room.Speaker); err != nil {
				log.Print(err)
			}
		}
	}
}

// Wait for the door, then look around.
func ExampleRoom_Until() {
	ctx := context.Background()
	var r *client.Room // joined before
	if err := r.Until(ctx, func(m *room.Mirror) bool { return m.Phase == room.PhaseLive }); err != nil {
		log.Fatal(err)
	}
	r.Read(func(m *room.Mirror) {
		fmt.Println(m.Room.Title, "-", len(m.Stage), "on stage,", m.Count.Inside, "inside")
	})
}

// The same key makes the same command, even after a restart of the program.
func ExampleRoom_Do() {
	ctx := context.Background()
	var r *client.Room // joined before
	key := client.NewKey()
	// … keep the key beside the work that it stands for, then:
	ok, err := r.Do(ctx, key, room.ChatPost{Text: "The results are in."})
	fmt.Println(string(ok), err)
}

// Very many rooms in one process: no queue, no messages kept, events on the
// reader itself.
func ExampleWithHandler() {
	ctx := context.Background()
	c, err := client.Open(ctx, "https://talks.example/i/4fk2#gri_…", client.WithLeanMirror(), client.WithoutClock())
	if err != nil {
		log.Fatal(err)
	}
	r, err := c.Join(ctx, "", client.WithHandler(func(r *client.Room, ev client.Event) {
		if ev.Name == "me.role" {
			fmt.Println("now I am a", r.You().Role)
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
	<-r.Done()
}
