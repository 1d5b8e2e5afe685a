package wire

import "encoding/binary"

// Frame is a whole server frame as it goes over the network: a WebSocket text
// frame with FIN, unmasked (RFC 6455 §5.2). The same bytes serve every
// recipient. Do not change it once it is sent.
type Frame []byte

const (
	finText       = 0x81
	smallPayload  = 125
	mediumPayload = 1<<16 - 1
)

// NewFrame frames payloads as one text frame, joined by line ends.
func NewFrame(payloads ...[]byte) Frame {
	size := max(len(payloads)-1, 0)
	for _, p := range payloads {
		size += len(p)
	}
	f := header(make(Frame, 0, size+10), size)
	for i, p := range payloads {
		if i > 0 {
			f = append(f, '\n')
		}
		f = append(f, p...)
	}
	return f
}

// joined bounds the frames that Join makes: more would only come later.
const joined = 32 << 10

// Join puts what several frames hold into as few as there can be of ordinary
// size, behind each other: who reads is woken once for many objects. Longer
// ones stay as they are, empty ones are left out.
func Join(frames []Frame) []byte {
	if len(frames) == 1 {
		return frames[0]
	}
	var out []byte
	var some [][]byte
	size := 0
	flush := func() {
		if len(some) > 0 {
			out = append(out, NewFrame(some...)...)
		}
		some, size = some[:0], 0
	}
	for _, f := range frames {
		payload := f.Payload()
		if size+len(payload) > joined {
			flush()
		}
		if len(payload) > 0 {
			some, size = append(some, payload), size+len(payload)+1
		}
	}
	flush()
	return out
}

func header(f Frame, size int) Frame {
	switch {
	case size <= smallPayload:
		return append(f, finText, byte(size))
	case size <= mediumPayload:
		return binary.BigEndian.AppendUint16(append(f, finText, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(f, finText, 127), uint64(size))
}

// Payload gives the text inside a frame.
func (f Frame) Payload() []byte {
	switch {
	case len(f) < 2:
		return nil
	case f[1] <= smallPayload:
		return f[2:]
	case f[1] == 126:
		return f[4:]
	}
	return f[10:]
}
