package post_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"greenroom/server/apitest"
	"greenroom/server/mail"
)

const postfixUser, postfixPassword = "rooms", "correct horse"

// postfix is Debian's mail server with a configuration of its own: it insists
// on STARTTLS and on a password, and delivers to folders.
type postfix struct {
	t      *testing.T
	folder string
	port   int
	roots  *x509.CertPool
}

// startPostfix starts one on a free port, until the test ends.
func startPostfix(t *testing.T) *postfix {
	for _, tool := range []string{"postfix", "saslpasswd2"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("there is no " + tool + ": install the Debian packages postfix, sasl2-bin and libsasl2-modules, as .ci/run does")
		}
	}
	if os.Geteuid() != 0 && exec.Command("sudo", "-n", "true").Run() != nil {
		t.Skip("postfix is started by root alone: run this test as root, or let this user use sudo without a password")
	}
	folder, err := os.MkdirTemp("/tmp", "mail") // a short path that others may enter: it holds sockets
	if err != nil {
		t.Fatal(err)
	}
	p := &postfix{t: t, folder: folder, port: freePort(t), roots: x509.NewCertPool()}
	t.Cleanup(func() { p.asRoot("rm", "-r", folder) })
	p.configure()
	p.up()
	t.Cleanup(p.down)
	return p
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// asRoot runs a program of the system.
func (p *postfix) asRoot(words ...string) {
	p.t.Helper()
	if os.Geteuid() != 0 {
		words = append([]string{"sudo", "-n"}, words...)
	}
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(p.folder, "log"))
		p.t.Errorf("%s: %v\n%s\n%s", words, err, out, log)
	}
}

func (p *postfix) configure() {
	p.t.Helper()
	for _, sub := range []string{"conf", "conf/sasl", "queue", "data", "mail"} {
		p.must(os.Mkdir(filepath.Join(p.folder, sub), 0o755))
	}
	p.must(os.Chmod(p.folder, 0o755))
	certified := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1
	defer certified.Close()
	p.roots.AddCert(certified.Certificate())
	key, err := x509.MarshalPKCS8PrivateKey(certified.TLS.Certificates[0].PrivateKey)
	p.must(err)
	p.write("conf/cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw})))
	p.write("conf/key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	p.write("conf/main.cf", strings.ReplaceAll(mainConfiguration, "FOLDER", p.folder))
	p.write("conf/master.cf", strings.ReplaceAll(masterConfiguration, "PORT", strconv.Itoa(p.port)))
	p.write("conf/sasl/smtpd.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: "+p.folder+"/conf/sasldb\nmech_list: PLAIN LOGIN\n")
	add := exec.Command("saslpasswd2", "-p", "-c", "-f", p.folder+"/conf/sasldb", "-u", "mail.example.org", postfixUser)
	add.Stdin = strings.NewReader(postfixPassword)
	if out, err := add.CombinedOutput(); err != nil {
		p.t.Fatalf("saslpasswd2: %v: %s", err, out)
	}
	p.asRoot("chown", "-R", "root:root", p.folder+"/conf", p.folder+"/queue")
	p.asRoot("chown", "postfix", p.folder+"/data", p.folder+"/conf/sasldb")
	p.asRoot("chown", "nobody:nogroup", p.folder+"/mail")
}

func (p *postfix) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *postfix) write(name, content string) {
	p.t.Helper()
	p.must(os.WriteFile(filepath.Join(p.folder, name), []byte(content), 0o644))
}

const mainConfiguration = `compatibility_level = 3.6
queue_directory = FOLDER/queue
data_directory = FOLDER/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = FOLDER/log
maillog_file_prefixes = FOLDER
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = FOLDER/conf/cert.pem
smtpd_tls_key_file = FOLDER/conf/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = FOLDER/conf/sasl
smtpd_relay_restrictions =
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
virtual_mailbox_domains = example.org
virtual_mailbox_base = FOLDER/mail
virtual_mailbox_maps = inline:{ {anna@example.org=anna/}, {bert@example.org=bert/} }
virtual_minimum_uid = 100
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`

const masterConfiguration = `127.0.0.1:PORT inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`

// up starts the server and waits for its greeting.
func (p *postfix) up() {
	p.t.Helper()
	p.asRoot("postfix", "-c", p.folder+"/conf", "start")
	p.until("the server greets", func() bool {
		line, err := net.Dial("tcp", p.address())
		if err == nil {
			line.Close()
		}
		return err == nil
	})
}

// down ends it, and it alone: by the process id in its own folder.
func (p *postfix) down() {
	p.t.Helper()
	if _, err := os.Stat(p.folder + "/queue/pid/master.pid"); errors.Is(err, fs.ErrNotExist) {
		return
	}
	if exec.Command("postfix", "-c", p.folder+"/conf", "status").Run() == nil || os.Geteuid() != 0 {
		p.asRoot("postfix", "-c", p.folder+"/conf", "stop")
	}
}

func (p *postfix) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)) }

func (p *postfix) until(what string, holds func() bool) {
	p.t.Helper()
	for end := time.Now().Add(apitest.Patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(p.folder, "log"))
			p.t.Fatalf("%s: not in time\n%s", what, log)
		}
	}
}

func (p *postfix) carrier(password string) *mail.SMTP {
	return &mail.SMTP{Host: "127.0.0.1", Port: p.port, Roots: p.roots, User: postfixUser + "@mail.example.org", Password: password,
		From: netmail.Address{Name: "Räume", Address: "rooms@greenroom.example"}, Timeout: apitest.Patience}
}

// mailbox waits until as many mails are in a mailbox, and gives them, oldest
// first.
func (p *postfix) mailbox(name string, n int) (all []string) {
	p.t.Helper()
	p.until(fmt.Sprintf("%d mails for %s", n, name), func() bool {
		out, _ := p.list(name)
		all = out
		return len(out) == n
	})
	return all
}

func (p *postfix) list(name string) (all []string, err error) {
	folder := filepath.Join(p.folder, "mail", name, "new")
	if os.Geteuid() != 0 {
		p.asRoot("chmod", "-R", "a+rX", p.folder+"/mail")
	}
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return all, err
		}
		all = append(all, string(content))
	}
	return all, err
}
