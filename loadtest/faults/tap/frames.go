package tap

import (
	"bytes"
	"encoding/binary"
)

// Opcodes of RFC 6455 §5.2, and one for the end of the HTTP handshake.
const (
	opText      = 0x1
	opClose     = 0x8
	opHandshake = 0xff
)

// frames cuts one direction of a connection into frames. Neither side sends
// fragments.
type frames struct {
	masked bool
	shaken bool // the handshake is over
	rest   []byte
}

// take adds bytes and gives every frame that is whole now. Its text is valid
// during the call.
func (f *frames) take(p []byte, each func(op byte, text []byte)) {
	f.rest = append(f.rest, p...)
	if !f.shaken {
		end := bytes.Index(f.rest, []byte("\r\n\r\n"))
		if end < 0 {
			return
		}
		f.shaken = true
		each(opHandshake, f.rest[:end])
		f.rest = f.rest[end+4:]
	}
	for {
		op, text, size := f.next()
		if size == 0 {
			break
		}
		each(op, text)
		f.rest = f.rest[size:]
	}
	if len(f.rest) == 0 {
		f.rest = nil
	}
}

// next gives the first frame and its size on the wire; 0: it is not whole.
func (f *frames) next() (op byte, text []byte, size int) {
	if len(f.rest) < 2 {
		return 0, nil, 0
	}
	head, length := 2, int(f.rest[1]&0x7f)
	switch {
	case length == 126 && len(f.rest) >= 4:
		head, length = 4, int(binary.BigEndian.Uint16(f.rest[2:]))
	case length == 127 && len(f.rest) >= 10:
		head, length = 10, int(binary.BigEndian.Uint64(f.rest[2:]))
	case length > 125:
		return 0, nil, 0
	}
	if f.masked {
		head += 4
	}
	if len(f.rest) < head+length {
		return 0, nil, 0
	}
	text = f.rest[head : head+length]
	if f.masked {
		text = unmask(text, f.rest[head-4:head])
	}
	return f.rest[0] & 0x0f, text, head + length
}

func unmask(text, mask []byte) []byte {
	plain := make([]byte, len(text))
	for i, b := range text {
		plain[i] = b ^ mask[i&3]
	}
	return plain
}
