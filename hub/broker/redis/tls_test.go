package redis

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// certify writes a certificate for 127.0.0.1 that signs itself, and its key.
func certify(t *testing.T) (certificate, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	signer := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := errors.Join(os.WriteFile(certificate, signer, 0o600), os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600)); err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(signer)
	return certificate, key, roots
}

func tryOpen(t *testing.T, address string, roots *x509.CertPool) (*Broker, error) {
	t.Helper()
	a, err := ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), Options{Address: a, Key: testKey, Roots: roots, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		t.Cleanup(func() { b.Close() })
	}
	return b, err
}

func TestTLSAndPassword(t *testing.T) {
	certificate, key, roots := certify(t)
	s := redistest.StartTLS(t, certificate, key, "--requirepass", "secret")
	b, err := tryOpen(t, "rediss://:secret@"+s.Host, roots)
	if err != nil {
		t.Fatal(err)
	}
	listen(t, b, "room").want("sealed twice", b)
	for address, want := range map[string]error{"rediss://:wrong@" + s.Host: ErrDenied, "rediss://" + s.Host: ErrDenied} {
		if _, err := tryOpen(t, address, roots); !errors.Is(err, want) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := tryOpen(t, "rediss://:secret@"+s.Host, nil); !errors.Is(err, ErrUntrusted) {
		t.Errorf("a certificate that nobody signed: %v", err)
	}
}

// A user who may not use the channels is told so at the start, not by silence.
func TestNoPermission(t *testing.T) {
	s := redistest.Start(t)
	s.Do("ACL", "SETUSER", "stranger", "on", ">pw", "resetchannels", "&other:*", "+@all")
	s.Do("ACL", "SETUSER", "mute", "on", ">pw", "allchannels", "+@all", "-spublish", "-publish")
	s.Do("ACL", "SETUSER", "deaf", "on", ">pw", "allchannels", "+@all", "-ssubscribe", "-subscribe")
	for _, user := range []string{"stranger", "mute", "deaf"} {
		if _, err := tryOpen(t, "redis://"+user+":pw@"+s.Host, nil); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", user, err)
		}
	}
}
