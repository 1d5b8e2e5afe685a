package room

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func chatWorld(t testing.TB) *world {
	w := newWorld(t)
	w.open()
	w.admit("mod", "spk", "vic", "vera")
	return w
}

func (w *world) post(by Actor, text string) string {
	w.t.Helper()
	return MessageID(w.do(by, ChatPost{Text: text})[0].Seq)
}

func TestChat(t *testing.T) {
	w := chatWorld(t)
	first := w.post(guest("vera"), " one \n\n\n two \u202e")
	reply := w.do(guest("vic"), ChatPost{Text: "yes", ReplyTo: first})[0]
	page, whole := w.s.ChatPage(ChatPage{})
	if !whole || len(page.Items) != 2 || page.More || page.Items[0].Text != "one\n\n two" || page.Items[1].ReplyTo != first || page.Items[1].At != reply.At {
		t.Fatalf("%+v", page)
	}
	for _, text := range []string{"", " \n ", "\u200b\u2060", "\u0301\u0301", "\u2800"} {
		w.refused(guest("vera"), ChatPost{Text: text}, CodeInvalid)
	}
	w.do(guest("vera"), ChatPost{Text: strings.Repeat("𝕏", MaxChatText)})
	w.refused(guest("vera"), ChatPost{Text: strings.Repeat("x", MaxChatText+1)}, CodeTooLong)
	staff := MessageID(w.do(guest("spk"), BackchannelPost{Text: "psst"})[0].Seq)
	for _, id := range []string{staff, "m1", "m", "x", "M1", "m01", "mzzzzzzzzzzzzzzzz", "-1", MessageID(w.s.Head + 1)} {
		w.refused(guest("vera"), ChatPost{Text: "re", ReplyTo: id}, CodeNotFound)
		w.refused(guest("vera"), ChatLike{ID: id}, CodeNotFound)
		w.refused(manager("ada"), ChatDelete{ID: id}, CodeNotFound)
		w.refused(guest("spk"), BackchannelPost{Text: "re", ReplyTo: first}, CodeNotFound)
	}
	w.refused(guest("vera"), ChatPage{Before: "nonsense"}, CodeInvalid)
	w.do(guest("mod"), BackchannelPost{Text: "re", ReplyTo: staff})
}

func TestLikes(t *testing.T) {
	w := chatWorld(t)
	id := w.post(guest("vera"), "like me")
	if f := w.do(guest("vic"), ChatLike{ID: id})[0].Fact.(ChatLiked); f.Likes != 1 || !f.On {
		t.Errorf("%+v", f)
	}
	if w.do(guest("vic"), ChatLike{ID: id}) != nil || w.s.Settled(ChatLike{ID: id})["likes"] != 1 {
		t.Error("liked twice")
	}
	w.do(guest("vera"), ChatLike{ID: id})
	if f := w.do(guest("vic"), ChatLike{ID: id, On: ptr(false)})[0].Fact.(ChatLiked); f.Likes != 1 || f.On {
		t.Errorf("%+v", f)
	}
	if page, _ := w.s.ChatPage(ChatPage{}); page.Items[0].Likes != 1 {
		t.Errorf("%+v", page)
	}
}

func TestDeleting(t *testing.T) {
	for _, c := range []struct {
		author, by Actor
		want       Code
	}{
		{guest("vera"), guest("vera"), ""}, {guest("vera"), guest("vic"), CodeForbidden}, {guest("vera"), guest("spk"), CodeForbidden},
		{guest("vera"), guest("mod"), ""}, {guest("spk"), guest("mod"), ""}, {guest("mod"), guest("mod"), ""}, {manager("paul"), guest("mod"), CodeForbidden},
		{guest("mod"), manager("paul"), ""}, {manager("eva"), manager("paul"), CodeForbidden}, {manager("otto"), manager("ada"), ""},
	} {
		for _, old := range []bool{false, true} {
			w := chatWorld(t)
			id := w.post(c.author, "delete me")
			if old {
				w.fill(keptMessages + 1)
			}
			if _, err := w.try(c.by, ChatDelete{ID: id}); codeOf(err) != c.want {
				t.Errorf("%+v by %+v, old %t: %v, want %q", c.author, c.by, old, err, c.want)
			}
		}
	}
	w := chatWorld(t)
	id := w.post(guest("spk"), "spam")
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_spk"})
	w.do(guest("mod"), ChatDelete{ID: id})
	if w.do(guest("mod"), ChatDelete{ID: id}) != nil || !w.s.chat.gone(MessagePlace(id)) {
		t.Error("deleted twice")
	}
	w.refused(guest("vera"), ChatPost{Text: "re", ReplyTo: id}, CodeNotFound)
	w.refused(guest("vera"), ChatLike{ID: id}, CodeNotFound)
}

// fill folds messages by Vera without Decide.
func (w *world) fill(n int) {
	for i := range n {
		e := Event{Seq: w.s.Head + 1, At: w.s.LastAt + 1, Participant: "p_vera", Fact: ChatPosted{Who: w.person("vera").who(), Text: fmt.Sprint("filler ", i)}}
		w.s.Fold(e)
		w.log = append(w.log, e)
	}
}

// Ageing: memory keeps the newest, the log the rest; ids of both are known.
func TestThreadAges(t *testing.T) {
	w := chatWorld(t)
	old := w.post(guest("vera"), "old")
	gone := w.post(guest("vera"), "gone")
	w.do(guest("vera"), ChatDelete{ID: gone})
	w.fill(keptMessages - 1)
	if page, whole := w.s.ChatPage(ChatPage{Before: MessageID(w.s.Head - 450)}); !whole || page.More {
		t.Errorf("all is in memory still: %t %t", whole, page.More)
	}
	w.fill(1)
	if _, whole := w.s.ChatPage(ChatPage{Before: w.s.chat.recent[0].message().ID}); whole || len(w.s.chat.recent) > keptMessages {
		t.Errorf("%d in memory", len(w.s.chat.recent))
	}
	w.do(guest("vic"), ChatPost{Text: "to an old one", ReplyTo: old})
	w.refused(guest("vic"), ChatPost{Text: "to a gone one", ReplyTo: gone}, CodeNotFound)
	w.refused(guest("vic"), ChatLike{ID: old}, CodeClosed)
	w.refused(guest("vic"), ChatLike{ID: gone}, CodeNotFound)
	// Once every old message is deleted there is nothing more in the log.
	for _, e := range w.log {
		if _, posted := e.Fact.(ChatPosted); posted && e.Seq < w.s.chat.recent[0].place && !w.s.chat.gone(e.Seq) {
			w.do(manager("ada"), ChatDelete{ID: MessageID(e.Seq)})
		}
	}
	if page, whole := w.s.ChatPage(ChatPage{Before: w.s.chat.recent[2].message().ID}); !whole || page.More || len(page.Items) != 2 {
		t.Errorf("%d items, more %t, whole %t", len(page.Items), page.More, whole)
	}
}

func TestPagesFromTheLog(t *testing.T) {
	w := chatWorld(t)
	w.fill(2 * keptMessages)
	w.do(manager("ada"), ChatDelete{ID: MessageID(w.log[len(w.log)-800].Seq)})
	read := func(before Seq, limit int) (events []Event) {
		for i := len(w.log) - 1; i >= 0 && len(events) < limit; i-- {
			if _, ok := w.log[i].Fact.(ChatPosted); ok && (before == 0 || w.log[i].Seq < before) {
				events = append(events, w.log[i])
			}
		}
		return events
	}
	var all []Message
	before := ""
	for {
		page, whole := w.s.ChatPage(ChatPage{Before: before, Limit: 70})
		if !whole {
			page = w.s.ChatFromLog(read(MessagePlace(before), 71), 70)
		}
		all = append(page.Items, all...)
		if before = page.Items[0].ID; !page.More {
			break
		}
	}
	if len(all) != 2*keptMessages-1 {
		t.Errorf("%d messages by pages", len(all))
	}
	for i := 1; i < len(all); i++ {
		if MessagePlace(all[i-1].ID) >= MessagePlace(all[i].ID) {
			t.Fatal("out of order")
		}
	}
}

// Whatever people write, a snapshot and a page fit into their frames.
func TestSizes(t *testing.T) {
	w := chatWorld(t)
	w.s.Info.Speakers = many(Presenter{Name: "N", Bio: strings.Repeat("\"", MaxBio)}, 15)
	w.s.Info.Description = strings.Repeat("𝕏", MaxDescription)
	w.s.Info.Title = strings.Repeat("𝕏", MaxTitle)
	for i := range 150 {
		c := invitation(fmt.Sprint("s", i), Speaker)
		c.FirstName, c.LastName = strings.Repeat("𝕏", MaxName), strings.Repeat("\"", MaxName)
		w.do(manager("ada"), c)
		w.admit(fmt.Sprint("s", i))
	}
	for i := range 120 {
		text := strings.Repeat([]string{"𝕏", "\"", "x\n\n", "<"}[i%4], MaxChatText)
		w.do(guest(fmt.Sprint("s", i)), ChatPost{Text: string([]rune(text)[:MaxChatText-1]) + "x"})
		w.do(guest(fmt.Sprint("s", i)), BackchannelPost{Text: string([]rune(text)[:MaxChatText-1]) + "x"})
	}
	chat, _ := w.s.ChatPage(ChatPage{})
	for name, v := range map[string]any{"snapshot": w.s.Snapshot(Staff), "audience": w.s.Snapshot(Audience), "page": chat, "people": w.s.Page(PeoplePage{})} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil || b.Len() > 48<<10 || b.Len() < 20<<10 {
			t.Errorf("%s: %d bytes", name, b.Len())
		}
	}
	if !w.s.Snapshot(Staff).StageMore || len(chat.Items) == 0 || !chat.More {
		t.Error("nothing was left out")
	}
}

func TestPeoplePage(t *testing.T) {
	w := chatWorld(t)
	for _, name := range []string{"zoe", "Ämil", "anna", "Anna", "bob"} {
		w.invite(name, Viewer)
		w.admit(name)
	}
	w.do(manager("ada"), Enter{})
	var names []string
	c := PeoplePage{Limit: 3}
	for {
		list := w.s.Page(c)
		if list.Total != 10 {
			t.Fatalf("total %d", list.Total)
		}
		for _, m := range list.Items {
			names = append(names, m.Name)
		}
		if c.After = list.Next; c.After == "" {
			break
		}
		if p, _ := w.s.Participant(c.After); p.Invitation != "" && !p.Revoked && p.ID == "p_anna" {
			w.do(manager("ada"), RevokeInvitation{Invitation: p.Invitation}) // the pager goes on behind who left
			w.invite("q", Viewer)
			w.admit("q")
		}
	}
	if got := strings.Join(names, ","); got != "Ada Lind,Anna G,anna G,bob G,mod G,q G,spk G,vera G,vic G,zoe G,Ämil G" {
		t.Error(got)
	}
	for _, f := range []struct {
		PeoplePage
		want int
	}{{PeoplePage{Query: "ANN"}, 1}, {PeoplePage{Query: "na g"}, 1}, {PeoplePage{Role: "manager"}, 1}, {PeoplePage{Role: "speaker"}, 1}, {PeoplePage{Query: "otto"}, 0}, {PeoplePage{Role: "x"}, 0}} {
		if list := w.s.Page(f.PeoplePage); list.Total != f.want || len(list.Items) != f.want {
			t.Errorf("%+v: %+v", f.PeoplePage, list)
		}
	}
}
