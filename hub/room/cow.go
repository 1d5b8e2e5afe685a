package room

import (
	"hash/maphash"
	"slices"
	"unsafe"
)

// A State is stepped, not copied: Step shares everything with its base and
// copies a part when it first writes to it. So a committed state never changes
// again, readers need no lock, and a step that is not committed is forgotten.

// ownership marks the parts a state has copied for itself.
type ownership struct{ _ byte }

// So many people fill a block of the allocator, one of whose sizes this is.
const chunkSize = int((10880 - unsafe.Sizeof(uintptr(0))) / unsafe.Sizeof(Person{}))

type chunk[T any] struct {
	by    *ownership
	items [chunkSize]T
}

// list is a growing slice of T with copy on write by chunks.
type list[T any] struct {
	chunks []*chunk[T]
	by     *ownership // who owns the slice of chunks
	n      int
}

func (l *list[T]) len() int { return l.n }

// at reads. The pointer is for reading only.
func (l *list[T]) at(i int) *T { return &l.chunks[i/chunkSize].items[i%chunkSize] }

// edit gives the item for writing by the owner.
func (l *list[T]) edit(i int, by *ownership) *T {
	l.own(by)
	c := l.chunks[i/chunkSize]
	if c.by != by {
		fresh := *c
		fresh.by = by
		c = &fresh
		l.chunks[i/chunkSize] = c
	}
	return &c.items[i%chunkSize]
}

func (l *list[T]) push(item T, by *ownership) int {
	l.own(by)
	if l.n%chunkSize == 0 {
		l.chunks = append(l.chunks, &chunk[T]{by: by})
	}
	l.n++
	*l.edit(l.n-1, by) = item
	return l.n - 1
}

func (l *list[T]) own(by *ownership) {
	if l.by != by {
		l.chunks = append(make([]*chunk[T], 0, len(l.chunks)+1), l.chunks...)
		l.by = by
	}
}

const shards = 64

// shard is an open-addressed table of seats, each plus one; 0 is a free slot.
type shard struct {
	by    *ownership
	used  int
	slots []int32
}

// index finds a seat by a key that the seat itself holds, so that it stores
// four bytes a seat and no key. Copy on write by shards.
type index[K comparable] struct {
	key    func(*Person) K
	shards *[shards]*shard
	by     *ownership
}

var seed = maphash.MakeSeed()

// slotOf gives where a key's search begins: the low bits choose the shard, the
// high ones the share of its slots that lies before.
func (x *index[K]) slotOf(k K) (shard int, slot uint32) {
	h := maphash.Comparable(seed, k)
	return int(h % shards), uint32(h >> 32)
}

// get gives the seat that was set last for a key.
func (x *index[K]) get(people *list[Person], k K) (int32, bool) {
	if x.shards == nil {
		return 0, false
	}
	at, slot := x.slotOf(k)
	s := x.shards[at]
	if s == nil {
		return 0, false
	}
	i, found := x.search(people, s, k, slot)
	return s.slots[i] - 1, found
}

// search gives the slot of a key, or the free one where it belongs.
func (x *index[K]) search(people *list[Person], s *shard, k K, slot uint32) (int, bool) {
	n := len(s.slots)
	for i := int(uint64(slot) * uint64(n) >> 32); ; i++ {
		if i == n {
			i = 0
		}
		seat := s.slots[i]
		if seat == 0 {
			return i, false
		}
		if x.key(people.at(int(seat-1))) == k {
			return i, true
		}
	}
}

// set makes a seat the one of its key.
func (x *index[K]) set(people *list[Person], seat int32, by *ownership) {
	k := x.key(people.at(int(seat)))
	at, slot := x.slotOf(k)
	s := x.edit(at, by)
	i, replaces := x.search(people, s, k, slot)
	s.slots[i] = seat + 1
	if replaces {
		return
	}
	if s.used++; s.used*4 > len(s.slots)*3 {
		x.grow(people, s)
	}
}

func (x *index[K]) edit(at int, by *ownership) *shard {
	if x.by != by {
		fresh := [shards]*shard{}
		if x.shards != nil {
			fresh = *x.shards
		}
		x.shards, x.by = &fresh, by
	}
	switch s := x.shards[at]; {
	case s == nil:
		x.shards[at] = &shard{by: by, slots: make([]int32, 8)}
	case s.by != by:
		x.shards[at] = &shard{by: by, used: s.used, slots: slices.Clone(s.slots)}
	}
	return x.shards[at]
}

// grow makes half as many slots again: a table twice as large would stand half
// empty, of each of which a room has three.
func (x *index[K]) grow(people *list[Person], s *shard) {
	old := s.slots
	s.slots = make([]int32, len(old)+len(old)/2)
	for _, seat := range old {
		if seat == 0 {
			continue
		}
		k := x.key(people.at(int(seat - 1)))
		_, slot := x.slotOf(k)
		i, _ := x.search(people, s, k, slot)
		s.slots[i] = seat
	}
}

// seatSet is a set of seats: sparse blocks of bits. Its methods give a new set
// and leave the old one alone.
type seatSet struct {
	blocks []*[blockWords]uint64
	n      int
}

const (
	blockWords = 8
	blockSeats = blockWords * 64
)

func (x seatSet) has(seat int32) bool {
	b := int(seat) / blockSeats
	return seat >= 0 && b < len(x.blocks) && x.blocks[b] != nil && x.blocks[b][seat%blockSeats/64]&(1<<(seat%64)) != 0
}

// with gives the set with or without a seat.
func (x seatSet) with(seat int32, in bool) seatSet {
	if seat < 0 || x.has(seat) == in {
		return x
	}
	b := int(seat) / blockSeats
	blocks := make([]*[blockWords]uint64, max(len(x.blocks), b+1))
	copy(blocks, x.blocks)
	var block [blockWords]uint64
	if blocks[b] != nil {
		block = *blocks[b]
	}
	block[seat%blockSeats/64] ^= 1 << (seat % 64)
	blocks[b] = &block
	if in {
		return seatSet{blocks, x.n + 1}
	}
	return seatSet{blocks, x.n - 1}
}

// all lists the seats in rising order.
func (x seatSet) all(yield func(int32) bool) {
	for b, block := range x.blocks {
		if block == nil {
			continue
		}
		for i := range int32(blockSeats) {
			if block[i/64]&(1<<(i%64)) != 0 && !yield(int32(b)*blockSeats+i) {
				return
			}
		}
	}
}
