package main

import (
	"crypto/x509"
	"os"
	"strings"

	"greenroom/hub/broker/redis"
)

// redisFlags are what connects several servers.
type redisFlags struct {
	URL          string `name:"redis" env:"GREENROOM_REDIS" placeholder:"URL" help:"Redis between several servers on one PostgreSQL: redis://USER:PASSWORD@HOST:6379, redis+sentinel://HOST:26379,HOST:26379/MASTER or redis+cluster://HOST:6379,HOST:6379; rediss instead of redis is TLS. Default: this server works alone."`
	PasswordFile string `name:"redis-password-file" env:"GREENROOM_REDIS_PASSWORD_FILE" placeholder:"FILE" help:"File with the password for Redis, if it is not in the URL. Its last line break is left out."`
	CA           string `name:"redis-ca" env:"GREENROOM_REDIS_CA" placeholder:"FILE" help:"File with the certificates that sign Redis' own, if this machine does not know them."`
	Plain        bool   `name:"plain-redis" env:"GREENROOM_PLAIN_REDIS" help:"Send Redis' password and what is said in rooms unprotected through a network that you trust."`
	Key          string `name:"cluster-key" env:"GREENROOM_CLUSTER_KEY" placeholder:"SECRET" help:"The same secret of at least 32 characters on every server, which seals what they tell each other; better in a file."`
	KeyFile      string `name:"cluster-key-file" env:"GREENROOM_CLUSTER_KEY_FILE" placeholder:"FILE" help:"File with that secret. Its last line break is left out."`
}

// link is Redis as the command line names it.
type link struct {
	address redis.Address
	key     []byte
	roots   *x509.CertPool // nil: whom the machine trusts
}

const (
	redisForm = "Write it as redis://USER:PASSWORD@HOST:6379, redis+sentinel://HOST:26379/MASTER or redis+cluster://HOST:6379,HOST:6379, with rediss for TLS."
	keyForm   = "Make one with openssl rand -base64 32, give it to every server in a file with --cluster-key-file, and to nobody else."
)

// judgeRedis makes the link between several servers. Without --redis there is none.
func (s *settings) judgeRedis(line *commandLine) error {
	flags := line.Redis
	switch sqlite := strings.HasPrefix(line.Store, "sqlite:"); {
	case flags.URL == "" && (flags.PasswordFile != "" || flags.CA != "" || flags.Plain):
		return refuse("Name Redis with --redis, or leave the others away.", "--redis-password-file, --redis-ca and --plain-redis are of no use without --redis")
	case flags.URL == "" && (flags.Key != "" || flags.KeyFile != ""):
		return refuse("Name Redis with --redis, or leave the key away.", "a cluster key is of no use without --redis")
	case flags.URL == "" && !sqlite:
		s.warn("without --redis this server works alone: a second one on the same database would be heard a second late, and people counted wrongly")
		return nil
	case flags.URL == "":
		return nil
	case sqlite:
		return refuse("Move to PostgreSQL with --store postgres://USER@HOST/DATABASE, or leave --redis away: one server needs none.",
			"--redis is for several servers, and the embedded database serves one")
	}
	address, err := redis.ParseAddress(flags.URL)
	if err != nil {
		return refuse(redisForm, "--redis: %v", err)
	}
	s.redis = &link{address: address}
	for _, step := range []func(redisFlags) error{s.redis.takePassword, s.redis.takeKey, s.redis.takeRoots} {
		if err := step(flags); err != nil {
			return err
		}
	}
	return s.judgePlain(flags.Plain)
}

// judgePlain looks at what goes to Redis without TLS.
func (s *settings) judgePlain(accepted bool) error {
	address := s.redis.address
	switch {
	case address.TLS || accepted || s.redis.local():
		return nil
	case address.Password+address.SentinelSecret != "":
		return refuse("Use rediss://, or add --plain-redis in a network that you trust.", "--redis %s would send the password through the network unprotected", address)
	}
	s.warn("--redis " + address.String() + " goes through the network unprotected: whoever shares it reads what is said in rooms; use rediss://, or --plain-redis in a network that you trust")
	return nil
}

func (l *link) takePassword(flags redisFlags) (err error) {
	if flags.PasswordFile == "" {
		return nil
	}
	if l.address.Password != "" {
		return refuse("Say the password once, rather in the file.", "--redis and --redis-password-file both give a password")
	}
	l.address.Password, err = readSecret("--redis-password-file", flags.PasswordFile)
	return err
}

func (l *link) takeKey(flags redisFlags) error {
	key := flags.Key
	switch {
	case flags.KeyFile != "" && key != "":
		return refuse("Say the key once, rather in the file.", "--cluster-key and --cluster-key-file both give a key")
	case flags.KeyFile != "":
		var err error
		if key, err = readSecret("--cluster-key-file", flags.KeyFile); err != nil {
			return err
		}
	case key == "":
		return refuse(keyForm, "--redis needs a cluster key, or whoever can write to Redis could forge what servers tell each other")
	}
	if len(key) < redis.MinKey {
		return refuse(keyForm, "a cluster key of %d characters can be guessed; at least %d are needed", len(key), redis.MinKey)
	}
	l.key = []byte(key)
	return nil
}

func (l *link) takeRoots(flags redisFlags) error {
	if flags.CA == "" {
		return nil
	}
	if !l.address.TLS {
		return refuse("Write rediss:// in --redis, or leave --redis-ca away.", "--redis-ca is of no use without TLS")
	}
	text, err := os.ReadFile(flags.CA)
	l.roots = x509.NewCertPool()
	if err != nil || !l.roots.AppendCertsFromPEM(text) {
		return refuse("Name a file with certificates in PEM.", "--redis-ca %s holds no certificate that can be read", flags.CA)
	}
	return nil
}

// local says that Redis is on this machine alone.
func (l *link) local() bool {
	for _, host := range l.address.Hosts {
		if !loopback(hostOf(host)) {
			return false
		}
	}
	return true
}
