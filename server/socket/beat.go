package socket

// The heartbeat of PROTOCOL.md §2 is JSON, because browsers cannot send WebSocket pings. It is
// recognised without a decoder: a frame that holds nothing but {"ping":n} or {"pong":n}.

// beat is one heartbeat of the peer.
type beat byte

const (
	noBeat beat = iota
	ping
	pong
)

// maxBeat bounds the text of a heartbeat: the number (20 characters) and a few spaces.
const maxBeat = 48

// parseBeat says whether text is a heartbeat, and gives the digits of its number as they are.
// JSON's white space is allowed between the tokens: not every client's encoder omits it.
func parseBeat(text []byte) (kind beat, digits []byte) {
	if len(text) > maxBeat {
		return noBeat, nil
	}
	rest, ok := token(text, "{")
	if !ok {
		return noBeat, nil
	}
	kind = pong
	rest2, ok := token(rest, `"pong"`)
	if !ok {
		kind = ping
		if rest2, ok = token(rest, `"ping"`); !ok {
			return noBeat, nil
		}
	}
	if rest, ok = token(rest2, ":"); !ok {
		return noBeat, nil
	}
	digits, rest = number(rest)
	if rest, ok = token(rest, "}"); !ok || len(digits) == 0 || len(rest) != 0 {
		return noBeat, nil
	}
	return kind, digits
}

// Heartbeat says whether an object that came beside others in one frame is a heartbeat, and gives
// the frame that answers it: nil for a pong. Alone in a frame they never reach the handler.
func Heartbeat(object []byte) (answer []byte, ok bool) {
	kind, digits := parseBeat(object)
	if kind == ping {
		answer = pongFrame(digits)
	}
	return answer, kind != noBeat
}

// token takes t and the white space after it.
func token(p []byte, t string) ([]byte, bool) {
	if len(p) < len(t) || string(p[:len(t)]) != t {
		return p, false
	}
	return space(p[len(t):]), true
}

// number takes an integer of at most 20 characters; nil if there is none.
func number(p []byte) (digits, rest []byte) {
	n := 0
	if n < len(p) && p[n] == '-' {
		n++
	}
	begin := n
	for n < len(p) && p[n] >= '0' && p[n] <= '9' {
		n++
	}
	if n == begin || n > 20 || p[begin] == '0' && n > begin+1 {
		return nil, p
	}
	return p[:n], space(p[n:])
}

func space(p []byte) []byte {
	for len(p) > 0 && (p[0] == ' ' || p[0] == '\t' || p[0] == '\r' || p[0] == '\n') {
		p = p[1:]
	}
	return p
}

// beatFrame takes a heartbeat that comes as one whole masked text frame at the start of p. It
// gives its length on the wire, 0 if p begins with anything else. text is where the unmasked
// bytes go and what digits points into.
func beatFrame(p []byte, text *[maxBeat]byte) (kind beat, digits []byte, length int) {
	if len(p) < 6 || p[0] != finBit|opText || p[1]&maskBit == 0 {
		return noBeat, nil, 0
	}
	n := int(p[1] &^ maskBit)
	if n > maxBeat || len(p) < 6+n {
		return noBeat, nil, 0
	}
	for i := range n {
		text[i] = p[6+i] ^ p[2+i%4]
	}
	if kind, digits = parseBeat(text[:n]); kind == noBeat {
		return noBeat, nil, 0
	}
	return kind, digits, 6 + n
}

func pongFrame(digits []byte) []byte {
	text := make([]byte, 0, 32)
	text = append(append(append(text, `{"pong":`...), digits...), '}')
	return AppendFrame(make([]byte, 0, 2+len(text)), text)
}
