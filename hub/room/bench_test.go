package room

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"
)

const crowd = 100_000

// crowded is the log of a room with so many people inside, one in a hundred on
// stage, and as many messages as fit into 100,000 events more.
func crowdedLog(people, messages int) []Event {
	log := []Event{
		{Participant: "p_0", Fact: Created{Title: "Big", StartsAt: noon, Collaboration: true, Epoch: "e"}},
		{Participant: "p_0", Fact: ManagerSet{Participant: "p_0", Person: "a_0", FirstName: "Ada", LastName: "Lind", Right: Owner}},
		{Fact: Opened{}},
	}
	for i := range people {
		id := opaque(i)
		role := Viewer
		if i%100 == 0 {
			role = Speaker
		}
		who := Who{Participant: ParticipantID("p" + id), Name: "Vera Grün", Role: role}
		log = append(log, Event{Participant: "p_0", Key: Key(id), Fact: Issued{Invitation: InvitationID("i" + id), Participant: who.Participant, FirstName: text("Vera"), LastName: text("Grün"), Type: role, Match: HashOf(id), ExpiresAt: noon + 1e9, Devices: 1}},
			Event{Participant: who.Participant, Key: Key(id), Fact: Claimed{Who: who, Device: HashOf("d" + id), Generation: 1}})
	}
	for i := range messages {
		id := opaque(i % people)
		log = append(log, Event{Participant: ParticipantID("p" + id), Key: Key(id), Fact: ChatPosted{Who: Who{Participant: ParticipantID("p" + id), Name: "Vera Grün", Role: Viewer}, Text: "A usual message of a usual length, now and then a little longer."}})
	}
	for i := range log {
		log[i].Seq, log[i].At = Seq(i+1), noon+Millis(i)
	}
	return log
}

// text is a string of its own, as one that was decoded.
func text(s string) string { return string([]byte(s)) }

// opaque is an id as the server makes those of seats and invitations: with the
// letter before it 16 characters.
func opaque(i int) string {
	h := HashOf(fmt.Sprint(i))
	binary.LittleEndian.PutUint32(h[:], uint32(i))
	return base64.RawURLEncoding.EncodeToString(h[:])[:15]
}

var crowdedState *State

func crowded(b *testing.B) *State {
	b.Helper()
	if crowdedState == nil {
		crowdedState = replay("r", crowdedLog(crowd, 2000))
	}
	b.ResetTimer()
	return crowdedState
}

func somebody() Actor {
	id := opaque(77_777)
	return Actor{Invitation: InvitationID("i" + id), Link: 1, Device: HashOf("d" + id), Claim: 1}
}

func BenchmarkDecideChatPost(b *testing.B) {
	s := crowded(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Decide(somebody(), ChatPost{Text: "A usual message of a usual length."}, "key", moment(noon+3_600_000)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecideSetRole(b *testing.B) {
	s := crowded(b)
	c := SetRole{Participant: ParticipantID("p" + opaque(55_555)), Role: "moderator"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Decide(Actor{Account: "a_0"}, c, "key", moment(noon)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold100k(b *testing.B) {
	log := crowdedLog(33_000, 34_000)[:100_000]
	b.ReportAllocs()
	for b.Loop() {
		replay("r", log)
	}
}

// One committed event after the other in a room of 100,000.
func BenchmarkStepPost(b *testing.B) {
	benchmarkStep(b, somebody(), func(int) Command { return ChatPost{Text: "Hello"} })
}

func BenchmarkStepSetRole(b *testing.B) {
	benchmarkStep(b, Actor{Account: "a_0"}, func(i int) Command {
		return SetRole{Participant: ParticipantID("p" + opaque(i/2*7919%crowd+1)), Role: []string{"moderator", "viewer"}[i%2]}
	})
}

func BenchmarkStepInvite(b *testing.B) {
	benchmarkStep(b, Actor{Account: "a_0", SiteRole: SiteMember}, func(i int) Command {
		id := fmt.Sprint("new", i, "-", b.N)
		return Invite{Invitation: InvitationID(id), Participant: ParticipantID(id), FirstName: "A", LastName: "B", Type: Viewer, Match: HashOf(id)}
	})
}

func benchmarkStep(b *testing.B, by Actor, command func(int) Command) {
	s := restored(b, crowded(b))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		step := s.Step()
		events, err := step.Decide(by, command(i), Key(fmt.Sprint("key", i)), moment(noon))
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range events {
			step.Fold(e)
		}
		s = step
	}
}

func restored(b *testing.B, s *State) *State {
	b.Helper()
	back, err := Restore("r", s.Archive())
	if err != nil {
		b.Fatal(err)
	}
	return back
}

func BenchmarkSnapshot(b *testing.B) {
	s := crowded(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Snapshot(Staff)
	}
}

func BenchmarkPeoplePage(b *testing.B) {
	s := crowded(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Page(PeoplePage{Query: "grü", Limit: 100})
	}
}

func BenchmarkArchive100k(b *testing.B) {
	s := crowded(b)
	var data []byte
	for b.Loop() {
		data = s.Archive()
	}
	b.ReportMetric(float64(len(data))/crowd, "bytes/person")
}

func BenchmarkRestore100k(b *testing.B) {
	data := crowded(b).Archive()
	for b.Loop() {
		if _, err := Restore("r", data); err != nil {
			b.Fatal(err)
		}
	}
}

// Heap of a room of 100,000 admitted people, with and without the keys of the
// last hour.
func BenchmarkHeapPerPerson(b *testing.B) {
	for name, keys := range map[string]bool{"keys": true, "nokeys": false} {
		b.Run(name, func(b *testing.B) {
			log := crowdedLog(crowd, 0)
			for i := range log {
				if !keys {
					log[i].Key = ""
				}
			}
			data := replay("r", log).Archive()
			log = nil
			for b.Loop() {
				before := heapInUse()
				s, err := Restore("r", data)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(heapInUse()-before)/crowd, "heapbytes/person")
				runtime.KeepAlive(s)
			}
		})
	}
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
