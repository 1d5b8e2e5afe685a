package world

import (
	netsmtp "net/smtp"
	"slices"
	"strings"
	"testing"

	"greenroom/server/mail/smtptest"
)

func TestCodes(t *testing.T) {
	w := &World{mail: smtptest.Start(t, smtptest.Options{NoTLS: true})}
	for _, m := range []struct{ to, line string }{{"ada@example.org", "    123456"}, {"ben@example.org", "    654321"}, {"ada@example.org", "Room 777777 has moved."}, {"ada@example.org", "\t000042"}} {
		text := strings.Join([]string{"Subject: Your code", "MIME-Version: 1.0", `Content-Type: multipart/alternative; boundary="x"`, "",
			"--x", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: quoted-printable", "", "Your code for =E2=80=9CTea=E2=80=9D:", "", m.line, "", "It works once.", "--x--", ""}, "\r\n")
		if err := netsmtp.SendMail(local(w.mail.Port), nil, "rig@example.org", []string{m.to}, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.Codes("ada@example.org"); !slices.Equal(got, []string{"123456", "000042"}) {
		t.Errorf("codes %q", got)
	}
}
