package socket

import (
	"encoding/binary"
	"unicode/utf8"
)

// Bits and opcodes of RFC 6455 §5.2.
const (
	finBit  = 0x80
	rsvBits = 0x70
	maskBit = 0x80

	opContinuation = 0x0
	opText         = 0x1
	opClose        = 0x8

	maxControl = 125 // RFC 6455 §5.5
)

// AppendFrame appends payload as one unmasked, final text frame (RFC 6455 §5.2), ready for
// [Conn.Send]. A server's frames are the same for every recipient, so a broadcast is framed once.
func AppendFrame(dst, payload []byte) []byte {
	dst = appendHeader(dst, opText, len(payload))
	return append(dst, payload...)
}

func appendHeader(dst []byte, op byte, n int) []byte {
	switch {
	case n <= 125:
		return append(dst, finBit|op, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(dst, finBit|op, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, finBit|op, 127), uint64(n))
	}
}

// closeFrame makes a close frame (RFC 6455 §5.5.1). Codes that must not be sent (§7.4.1, §7.4.2)
// become 1011, except 1005, which is a close frame without a code. A long reason is cut.
func closeFrame(code int, reason string) []byte {
	if code == 1005 {
		return appendHeader(nil, opClose, 0)
	}
	if !sendable(code) {
		code = 1011
	}
	for len(reason) > maxControl-2 || !utf8.ValidString(reason) {
		reason = reason[:min(len(reason), maxControl-1)-1]
	}
	f := appendHeader(make([]byte, 0, 4+len(reason)), opClose, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(f, uint16(code)), reason...)
}

func sendable(code int) bool {
	switch code {
	case 1004, 1006, 1015:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}

// closeCode reads the code of a whole close frame of ours or of the library; 1005 without one.
func closeCode(frame []byte) int {
	if len(frame) < 4 {
		return 1005
	}
	return int(binary.BigEndian.Uint16(frame[2:]))
}

// frameLen is the length of the unmasked frame that p begins with, header included; 0 when p
// ends within the header. It may be more than len(p).
func frameLen(p []byte) int {
	if len(p) < 2 {
		return 0
	}
	switch n := p[1] &^ maskBit; {
	case n < 126:
		return 2 + int(n)
	case n == 126 && len(p) >= 4:
		return 4 + int(binary.BigEndian.Uint16(p[2:]))
	case n == 127 && len(p) >= 10:
		return 10 + int(min(binary.BigEndian.Uint64(p[2:]), 1<<30))
	}
	return 0
}

// frameEnd is the first boundary between frames at or after from, a boundary, and at least at
// to. Bytes that are no frames have one boundary, their end.
func frameEnd(frames []byte, from, to int) int {
	for from < to {
		n := frameLen(frames[from:])
		if n == 0 || from+n > len(frames) {
			return len(frames)
		}
		from += n
	}
	return from
}

func countFrames(frames []byte) (n int) {
	for at := 0; at < len(frames); n++ {
		at = frameEnd(frames, at, at+1)
	}
	return n
}

// scanner follows the frames of a peer through its bytes, in whatever pieces they come. It judges
// nothing the library judges: it only counts what the library does not, and finds the boundaries.
// After a header that breaks the protocol it is lost and counts no more; the library will say so.
type scanner struct {
	left   uint64 // atLength: the length as far as it was read; atBody: bytes of mask and payload still to come
	first  byte   // first byte of the header
	ext    uint8  // bytes of the extended length still to come
	state  uint8
	parts  uint8 // frames of the message that has begun and not ended, stops at 255
	lost   bool
	closed bool // a whole close frame has passed
}

const (
	atFirst = iota
	atSecond
	atLength
	atBody
)

// scanned is what was seen in one piece of input.
type scanned struct {
	frames   int // frames that were completed
	controls int // control frames among them
	parts    int // longest run of frames of one message
}

// between says that the next byte begins a frame and that frame begins a message.
func (s *scanner) between() bool { return s.state == atFirst && s.parts == 0 && !s.lost }

func (s *scanner) feed(p []byte) (seen scanned) {
	for len(p) > 0 && !s.lost && !s.closed {
		if s.state == atBody {
			n := min(s.left, uint64(len(p)))
			s.left -= n
			p = p[n:]
		} else {
			s.header(p[0])
			p = p[1:]
		}
		if s.state == atBody && s.left == 0 && !s.lost {
			s.complete(&seen)
		}
	}
	return seen
}

func (s *scanner) header(b byte) {
	switch s.state {
	case atFirst:
		s.first, s.state = b, atSecond
		s.lost = b&rsvBits != 0
	case atSecond:
		s.second(b)
	case atLength:
		s.left = s.left<<8 | uint64(b)
		if s.ext--; s.ext == 0 {
			s.body(s.left)
		}
	}
}

func (s *scanner) second(b byte) {
	if b&maskBit == 0 { // RFC 6455 §5.1: a client masks
		s.lost = true
		return
	}
	s.left = 0
	switch n := b &^ maskBit; n {
	case 126:
		s.ext, s.state = 2, atLength
	case 127:
		s.ext, s.state = 8, atLength
	default:
		s.body(uint64(n))
	}
}

func (s *scanner) body(n uint64) {
	if n>>63 != 0 || s.control() && (n > maxControl || s.first&finBit == 0) {
		s.lost = true
		return
	}
	s.left, s.state = 4+n, atBody
}

func (s *scanner) control() bool { return s.first&opClose != 0 }

func (s *scanner) complete(seen *scanned) {
	s.state = atFirst
	seen.frames++
	if s.control() {
		seen.controls++
		s.closed = s.first&0xf == opClose
		return
	}
	if s.parts < 255 {
		s.parts++
	}
	seen.parts = max(seen.parts, int(s.parts))
	if s.first&finBit != 0 {
		s.parts = 0
	}
}
