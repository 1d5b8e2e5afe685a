package room

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"testing"

	"pgregory.net/rapid"
)

func TestArchive(t *testing.T) {
	w := newWorld(t)
	w.miss(guest("spk"))
	w.open()
	w.admit("mod", "vic")
	id := w.post(guest("vic"), "hello")
	w.do(guest("mod"), ChatLike{ID: id})
	w.do(guest("mod"), BackchannelPost{Text: "psst"})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera", Reason: "R"})
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vic", Devices: ptr(3)})
	last := w.do(guest("vic"), ChatPost{Text: "last"})[0]
	data := w.s.Archive()
	back := restore(t, w.s)
	if !bytes.Equal(back.Archive(), data) {
		t.Error("restored, it archives otherwise")
	}
	if at, ok := back.Repeated(guest("vic"), last.Key); !ok || at != last.Seq {
		t.Error("the key is gone")
	}
	if no := codeOf(back.Open(guest("vera"), w.now)); no != CodeInvitationRevoked {
		t.Errorf("vera opens: %s", no)
	}
}

// An archive that is not whole, of another version or another room is refused,
// never half read.
func TestArchivesOfNoUse(t *testing.T) {
	w := newWorld(t)
	data := w.s.Archive()
	if _, err := Restore("r_other", data); !errors.Is(err, ErrArchive) {
		t.Error("another room's archive is taken")
	}
	for i := range data {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0x40
		if _, err := Restore(w.s.ID, damaged); !errors.Is(err, ErrArchive) {
			t.Fatalf("damage at %d is not seen", i)
		}
		if _, err := Restore(w.s.ID, data[:i]); !errors.Is(err, ErrArchive) {
			t.Fatalf("cut at %d is not seen", i)
		}
	}
	if _, err := Restore(w.s.ID, append(bytes.Clone(data), 0)); !errors.Is(err, ErrArchive) {
		t.Error("more than an archive is taken")
	}
}

// Even with a right checksum nonsense is refused or read, but does no harm.
func TestForgedArchives(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod", "vic")
	w.do(guest("mod"), ChatLike{ID: w.post(guest("vic"), "hello")})
	data := w.s.Archive()
	data = data[:len(data)-crc32.Size]
	rapid.Check(t, func(t *rapid.T) {
		forged := bytes.Clone(data)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			forged[rapid.IntRange(1, len(forged)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		forged = forged[:rapid.IntRange(0, len(forged)).Draw(t, "length")]
		s, err := Restore("r_1", binary.LittleEndian.AppendUint32(forged, crc32.ChecksumIEEE(forged)))
		if err == nil {
			_ = s.Archive()
		}
	})
}

// A step shows nothing of itself in its base, however much it writes.
func TestStepIsolation(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vic")
	w.fill(70)
	base := w.s
	before := base.Archive()
	kept := base.Step()
	w.s = kept
	for i := range 200 {
		name := fmt.Sprint("n", i)
		w.invite(name, Speaker)
		w.admit(name)
		w.post(guest(name), "hello")
	}
	id := w.post(guest("vic"), "like me")
	w.do(guest("n1"), ChatLike{ID: id})
	w.do(guest("n1"), ChatDelete{ID: w.post(guest("n1"), "mine")})
	frozen := w.s.Freeze()
	middle := frozen.Archive()
	w.do(guest("n2"), ChatLike{ID: id})
	w.do(manager("ada"), SetRole{Participant: "p_n3", Role: "viewer"})
	w.invite("after", Viewer)
	if !bytes.Equal(base.Archive(), before) || !bytes.Equal(frozen.Archive(), middle) {
		t.Fatal("a step shows in its base or in what was frozen")
	}
	for i := range 200 {
		if _, ok := base.Participant(ParticipantID(fmt.Sprint("p_n", i))); ok {
			t.Fatal("the base finds who came later")
		}
	}
	one, two := base.Step(), base.Step()
	for i, s := range []*State{one, two, one} {
		s.Fold(Event{Seq: s.Head + 1, At: s.LastAt, Participant: "p_vic", Fact: ChatPosted{Text: fmt.Sprint(i)}})
		if s == one {
			middle = one.Archive()
		} else if !bytes.Equal(one.Archive(), middle) {
			t.Fatal("one step shows in another")
		}
	}
	lost := kept.Step()
	if !bytes.Equal(base.Archive(), before) {
		t.Fatal("sharing keys shows in the base")
	}
	lost.Fold(Event{Seq: lost.Head + 1, At: lost.LastAt, Participant: "p_vic", Key: "lost", Fact: ChatPosted{Who: w.person("vic").who(), Text: "x"}})
	if _, ok := lost.Repeated(guest("vic"), "lost"); !ok {
		t.Error("a step does not know its own key")
	}
	if _, ok := base.Repeated(manager("ada"), Key(fmt.Sprint("key", w.key))); ok {
		t.Error("the base knows a later key")
	}
	lost.Abandon()
	for name, s := range map[string]*State{"lost": lost, "kept": kept, "base": base} {
		if _, ok := s.Repeated(guest("vic"), "lost"); ok {
			t.Errorf("%s knows the key of a step that was given up", name)
		}
	}
}

func TestSeatSet(t *testing.T) {
	var x seatSet
	for _, seat := range []int32{0, 63, 64, 511, 512, 99_999} {
		y := x.with(seat, true)
		if x.has(seat) || !y.has(seat) || y.n != x.n+1 || y.with(seat, true).n != y.n || y.with(seat, false).n != x.n {
			t.Errorf("seat %d", seat)
		}
		x = y
	}
	var all []int32
	for seat := range x.all {
		all = append(all, seat)
	}
	if fmt.Sprint(all) != "[0 63 64 511 512 99999]" || x.with(-1, true).n != 6 || x.has(-1) || x.has(1<<30) {
		t.Errorf("%v", all)
	}
}
