package redis

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// MinKey is the shortest cluster key in bytes.
const MinKey = 32

const (
	sealVersion = 1
	sealMAC     = sha256.Size
	sealBytes   = 1 + 16 + 8 + 8 + sealMAC // version, publisher, number, time, MAC
	// believed is how far a publisher's clock may be from ours. What is older
	// was recorded and is played again.
	believed = 10 * time.Minute
)

var (
	errForged   = errors.New("redis: sealed with another key, or damaged")
	errReplayed = errors.New("redis: seen before, or too old")
)

// publisher names one run of one broker.
type publisher [16]byte

// sealer seals with the cluster's key, and opens what others have sealed.
type sealer struct {
	// set once
	key  []byte
	self publisher
	now  func() time.Time

	// guarded by mu
	mu   sync.Mutex
	seen map[place]newest
}

// place is where a publisher's messages are numbered.
type place struct {
	from   publisher
	bucket int
}

type newest struct {
	number uint64
	at     time.Time // ours
}

func newSealer(clusterKey []byte, now func() time.Time) *sealer {
	s := &sealer{now: now, seen: map[place]newest{}}
	mac := hmac.New(sha256.New, clusterKey)
	mac.Write([]byte("greenroom: messages between instances"))
	s.key = mac.Sum(nil)
	rand.Read(s.self[:])
	return s
}

// seal makes a message for a channel. number rises with each message of the
// bucket.
func (s *sealer) seal(channel string, number uint64, msg []byte) []byte {
	out := make([]byte, 1, sealBytes+len(msg))
	out[0] = sealVersion
	out = append(out, s.self[:]...)
	out = binary.BigEndian.AppendUint64(out, number)
	out = binary.BigEndian.AppendUint64(out, uint64(s.now().UnixMilli()))
	out = s.mac(out, channel, out, msg)
	return append(out, msg...)
}

func (s *sealer) mac(to []byte, channel string, head, msg []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(head)
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(channel))))
	mac.Write([]byte(channel))
	mac.Write(msg)
	return mac.Sum(to)
}

// open gives what was sealed, or errForged or errReplayed. Each message opens
// once.
func (s *sealer) open(channel string, bucket int, sealed []byte) ([]byte, error) {
	if len(sealed) < sealBytes || sealed[0] != sealVersion {
		return nil, errForged
	}
	head, msg := sealed[:sealBytes-sealMAC], sealed[sealBytes:]
	if !hmac.Equal(sealed[len(head):sealBytes], s.mac(nil, channel, head, msg)) {
		return nil, errForged
	}
	from := place{publisher(head[1:17]), bucket}
	sent := time.UnixMilli(int64(binary.BigEndian.Uint64(head[25:])))
	if age := s.now().Sub(sent); age > believed || age < -believed {
		return nil, errReplayed
	}
	if !s.fresh(from, binary.BigEndian.Uint64(head[17:])) {
		return nil, errReplayed
	}
	return msg, nil
}

// fresh says whether a number is above all that came from there.
func (s *sealer) fresh(from place, number uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, known := s.seen[from]; known && number <= last.number {
		return false
	}
	s.seen[from] = newest{number, s.now()}
	return true
}

// sweep forgets publishers whose messages are all too old by now.
func (s *sealer) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for from, last := range s.seen {
		if s.now().Sub(last.at) > 2*believed {
			delete(s.seen, from)
		}
	}
}
