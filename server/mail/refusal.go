package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"
)

// Refusal says why a mail was not taken.
type Refusal struct {
	Code   int    // of the SMTP answer; 0: there was none
	Answer string // one line for people; it may name the recipient
	Final  bool   // 5xx about this mail: asking again is of no use
	Server bool   // not about this mail: the server is away, or does not want us
}

// Error implements error. It tells no address, so that it may be logged.
func (r *Refusal) Error() string {
	switch {
	case r.Code != 0:
		return fmt.Sprintf("the mail server answered %d", r.Code)
	case r.Server:
		return "the mail server cannot be reached: " + r.Answer
	}
	return "the mail could not be handed over"
}

const longestAnswer = 300

func clean(text string) string { return header(text, longestAnswer) }

// refusalOf reads what the library tells.
func refusalOf(err error) *Refusal {
	r := &Refusal{Answer: clean(inWords(err))}
	var answer *textproto.Error
	if errors.As(err, &answer) {
		r.Code, r.Answer = answer.Code, clean(fmt.Sprintf("%d %s", answer.Code, answer.Msg))
	} else if send := (*mail.SendError)(nil); errors.As(err, &send) && send.ErrorCode() != 0 {
		r.Code, r.Answer = send.ErrorCode(), clean(answerIn(send))
	}
	switch {
	case r.Code == 530 || r.Code == 534 || r.Code == 535 || r.Code == 538: // authentication: ours to mend
		r.Server = true
	case r.Code >= 500:
		r.Final = true
	case r.Code == 421, r.Code == 0:
		r.Server = true
	}
	return r
}

// inWords says in plain words what happened to the connection.
func inWords(err error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return "the name " + dns.Name + " of the mail server is not known"
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "the mail server did not answer in time"
	}
	if send := (*mail.SendError)(nil); errors.As(err, &send) {
		return "the connection to the mail server broke"
	}
	return err.Error()
}

// answerIn finds the server's line in the library's sentence, which goes on with other things. Go
// 1.26 writes the text of an SMTP answer in quotes, earlier ones did not.
func answerIn(e *mail.SendError) string {
	code := strconv.Itoa(e.ErrorCode())
	_, text, _ := strings.Cut(e.Error(), code+" ")
	if quoted, err := strconv.QuotedPrefix(text); err == nil {
		text, _ = strconv.Unquote(quoted)
	}
	text, _, _ = strings.Cut(text, ", affected recipient(s): ")
	text, _, _ = strings.Cut(text, ", affected message ID: ")
	return code + " " + text
}
