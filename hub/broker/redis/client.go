package redis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	answerTime = time.Second // of one exchange with Redis
	dialTime   = time.Second
)

// receiving marks the context of a read. go-redis connects again by itself in
// the middle of one; the dialer refuses that, for when to connect again is
// decided in bucket.listen.
type receiving struct{}

var errNotNow = errors.New("redis: not connected")

func dialer(secure *tls.Config) func(context.Context, string, string) (net.Conn, error) {
	plain := &net.Dialer{Timeout: dialTime, KeepAlive: 15 * time.Second}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if ctx.Value(receiving{}) != nil {
			return nil, errNotNow
		}
		ctx, cancel := context.WithTimeout(ctx, dialTime)
		defer cancel()
		if secure == nil {
			return plain.DialContext(ctx, network, addr)
		}
		return (&tls.Dialer{NetDialer: plain, Config: secure}).DialContext(ctx, network, addr)
	}
}

var quiet sync.Once

// newClient makes go-redis' client. Nothing is connected yet.
func newClient(a Address, roots *x509.CertPool) goredis.UniversalClient {
	quiet.Do(func() { goredis.SetLogger(silence{}) }) // errors are returned, too
	var secure *tls.Config
	if a.TLS {
		secure = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	}
	dial := dialer(secure)
	switch a.Kind {
	case Sentinel:
		return goredis.NewFailoverClient(&goredis.FailoverOptions{
			MasterName: a.Master, SentinelAddrs: a.Hosts, SentinelUsername: a.SentinelUser, SentinelPassword: a.SentinelSecret,
			Username: a.User, Password: a.Password, Dialer: dial, Protocol: 2, DisableIdentity: true,
			MaxRetries: 1, MaxRetryBackoff: 50 * time.Millisecond, DialTimeout: dialTime, DialerRetries: 1,
			ReadTimeout: answerTime, WriteTimeout: answerTime, ContextTimeoutEnabled: true,
		})
	case Cluster:
		return goredis.NewClusterClient(&goredis.ClusterOptions{
			Addrs: a.Hosts, Username: a.User, Password: a.Password, Dialer: dial, Protocol: 2, DisableIdentity: true,
			MaxRedirects: 3, MaxRetryBackoff: 50 * time.Millisecond, DialTimeout: dialTime, DialerRetries: 1,
			ReadTimeout: answerTime, WriteTimeout: answerTime, ContextTimeoutEnabled: true,
			MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		})
	}
	return goredis.NewClient(&goredis.Options{
		Addr: a.Hosts[0], Username: a.User, Password: a.Password, Dialer: dial, Protocol: 2, DisableIdentity: true,
		MaxRetries: 1, MaxRetryBackoff: 50 * time.Millisecond, DialTimeout: dialTime, DialerRetries: 1,
		ReadTimeout: answerTime, WriteTimeout: answerTime, ContextTimeoutEnabled: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

// unknownCommand says that the server is too old for sharded pub/sub.
func unknownCommand(err error) bool {
	var said goredis.Error
	return errors.As(err, &said) && strings.Contains(said.Error(), "unknown command")
}

// ErrDenied says that Redis answers and does not let this user in, or not do
// what a broker must: waiting does not help.
var ErrDenied = errors.New("redis: access denied")

// ErrUntrusted says that the server's certificate is not believed.
var ErrUntrusted = errors.New("redis: the certificate is not trusted")

// hopeless gives the reason if time alone will not heal an error.
func hopeless(err error) error {
	var said goredis.Error
	if errors.As(err, &said) {
		for _, code := range []string{"WRONGPASS", "NOAUTH", "NOPERM", "ERR AUTH", "ERR invalid password", "ERR Client sent AUTH"} {
			if strings.HasPrefix(said.Error(), code) {
				return fmt.Errorf("%w: %w", ErrDenied, err)
			}
		}
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return fmt.Errorf("%w: %w", ErrUntrusted, err)
	}
	return nil
}

// ACL is what a user of Redis must be allowed, as ACL SETUSER takes it; the
// name and the password go before it.
const ACL = "on resetchannels &gr:* resetkeys -@all +ping +hello +auth +cluster|slots +cluster|shards +command" +
	" +ssubscribe +sunsubscribe +spublish +subscribe +unsubscribe +publish"
