package room

import (
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// passing folds what happens in a room with so many people inside, without
// judging it.
type passing struct {
	s      *State
	people int
	who    []Who
}

func newPassing(people int) *passing {
	x := &passing{s: replay("r", crowdedLog(people, 0)), people: people, who: make([]Who, people)}
	for i := range x.who {
		x.who[i] = Who{Participant: ParticipantID("p" + opaque(i)), Name: "Vera Grün", Role: Viewer}
	}
	return x
}

// fold folds a fact an interval later.
func (x *passing) fold(f Fact, key Key, by ParticipantID, after Millis) {
	x.s.Fold(Event{Seq: x.s.Head + 1, At: x.s.LastAt + after, Participant: by, Key: key, Fact: f})
}

// post lets people write in turn, 200 a second.
func (x *passing) post(n int) {
	const told = "A usual message of a usual length, now and then a little longer."
	for i := range n {
		who := x.who[i%x.people]
		x.fold(ChatPosted{Who: who, Text: strings.Clone(told)}, Key(opaque(i)), who.Participant, 5)
	}
}

// everybodyActs lets everybody answer a question of the staff, vote for one of
// the audience and like the last message.
func (x *passing) everybodyActs() {
	owner := Who{Participant: "p_0", Name: "Ada Lind", Role: Owner}
	x.fold(InteractionCreated{Who: owner, InteractionForm: InteractionForm{Kind: InteractChoice, Question: "Tea?", Options: []string{"yes", "no"}}}, "", "p_0", 1)
	poll := InteractionID(x.s.Head)
	x.fold(InteractionLaunched{Who: owner, ID: poll}, "", "p_0", 1)
	x.fold(QuestionAsked{Who: x.who[0], Text: "Why?"}, "", x.who[0].Participant, 1)
	question := QuestionID(x.s.Head)
	x.fold(ChatPosted{Who: x.who[0], Text: "Like me"}, "", x.who[0].Participant, 1)
	message := MessageID(x.s.Head)
	for i, who := range x.who {
		x.fold(InteractionAnswered{ID: poll, Participant: who.Participant, Choices: []int{i % 2}}, "", who.Participant, 0)
		x.fold(QuestionVoted{ID: question, Participant: who.Participant, On: true, Votes: i + 1}, "", who.Participant, 0)
		x.fold(ChatLiked{ID: message, Participant: who.Participant, On: true, Likes: i + 1}, "", who.Participant, 0)
	}
}

// Of messages that have gone by a room keeps where each stands, in a few bytes,
// and nothing else but the newest; of what people liked, voted for and answered
// it keeps bits; and of keys those of the last hour.
func TestMemoryGrowsWithWhatIsKept(t *testing.T) {
	x := newPassing(1000)
	x.everybodyActs()
	const messages = 100_000
	x.post(messages)
	if n := len(x.s.chat.recent); n > keptMessages {
		t.Errorf("%d texts are kept", n)
	}
	if n := x.s.chat.posts.len(); n != messages+1 {
		t.Errorf("%d places for %d messages", n, messages)
	}
	if size := unsafe.Sizeof(post{}); size > 16 {
		t.Errorf("%d bytes for each message that has gone by", size)
	}
	x.fold(ChatPosted{Who: x.who[0], Text: "much later"}, "key", x.who[0].Participant, Millis(3*keyLife.Milliseconds()/2))
	x.fold(ChatPosted{Who: x.who[0], Text: "and later"}, "key2", x.who[0].Participant, 1)
	if keys := x.s.heldKeys(); len(keys.windows[0])+len(keys.windows[1])+len(keys.windows[2]) != 2 {
		t.Errorf("keys of hours ago are kept: %d, %d, %d", len(keys.windows[0]), len(keys.windows[1]), len(keys.windows[2]))
	}
	it := x.s.interactions[0]
	if it.answers != 1000 || len(it.sheet.blocks) != (x.s.people.len()+sheetSeats-1)/sheetSeats {
		t.Errorf("%d answers in %d blocks", it.answers, len(it.sheet.blocks))
	}
	answered, asked := it.answers, x.s.Head
	for i := range 10 * x.people {
		who := x.who[i%x.people]
		x.fold(InteractionAnswered{ID: it.id(), Participant: who.Participant, Choices: []int{i / x.people % 2}}, "", who.Participant, 0)
	}
	if it = x.s.interactions[0]; it.answers != answered || x.s.Head != asked+Seq(10*x.people) || len(x.s.Archive()) > 24*messages {
		t.Errorf("answers given anew are kept: %d people, archive of %d bytes", it.answers, len(x.s.Archive()))
	}
}

// What 100,000 people who answer, vote and like take, each of them.
func BenchmarkHeapOfActs(b *testing.B) {
	x := newPassing(crowd)
	for b.Loop() {
		before := heapInUse()
		x.everybodyActs()
		b.ReportMetric(float64(heapInUse()-before)/crowd, "heapbytes/person")
	}
	runtime.KeepAlive(x)
}

// What a million messages leave behind an hour after the last of them.
func BenchmarkHeapOfPassedMessages(b *testing.B) {
	const messages = 1_000_000
	x := newPassing(1000)
	for b.Loop() {
		before := heapInUse()
		x.post(messages)
		b.ReportMetric(float64(heapInUse()-before)/messages, "heapbytes/message/now")
		for range 3 {
			x.fold(ChatPosted{Who: x.who[0], Text: "later"}, "key", x.who[0].Participant, Millis(keyLife.Milliseconds()/2))
		}
		b.ReportMetric(float64(heapInUse()-before)/messages, "heapbytes/message/later")
	}
	runtime.KeepAlive(x)
}
