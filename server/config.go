package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/alecthomas/kong"
)

// commandLine is everything that can be said to the program, one row each: flag, name in the
// environment, default, sentence. A flag wins over the environment.
type commandLine struct {
	Listen         string        `env:"GREENROOM_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address and port for people. Port 0 takes a free one. A socket that systemd passes is used instead."`
	AdminListen    string        `env:"GREENROOM_ADMIN_LISTEN" default:"127.0.0.1:8081" placeholder:"ADDR" help:"Address and port for metrics, profiles and the debug page; off for none. With --dev a free port."`
	PublicURL      string        `env:"GREENROOM_PUBLIC_URL" name:"public-url" placeholder:"URL" help:"What people type: scheme, host and port, no path. Links are made from it and only its pages may connect. Default: http:// and the address of --listen."`
	TrustedProxies []string      `env:"GREENROOM_TRUSTED_PROXIES" placeholder:"CIDR" help:"Networks of the proxies in front whose X-Forwarded-For is believed."`
	PlainHTTP      bool          `env:"GREENROOM_PLAIN_HTTP" name:"plain-http" help:"Accept a public URL of http:// beyond this machine. Whoever shares the network can read along."`
	Data           string        `env:"GREENROOM_DATA" placeholder:"DIR" help:"Folder for everything that is kept. Default: ./greenroom-data; with --dev a temporary one."`
	Store          string        `env:"GREENROOM_STORE" default:"sqlite:greenroom.db" placeholder:"DSN" help:"Database: sqlite:FILE, relative to the data folder, for one server; postgres://USER@HOST/DATABASE for several. The password may stand in PGPASSFILE's file."`
	StoreConns     int           `env:"GREENROOM_STORE_CONNECTIONS" name:"store-connections" default:"20" placeholder:"N" help:"Connections to PostgreSQL, at most. All servers together stay below its max_connections."`
	PlainStore     bool          `env:"GREENROOM_PLAIN_STORE" name:"plain-store" help:"Reach PostgreSQL without TLS through a network that you trust."`
	Redis          redisFlags    `embed:""`
	SMTP           string        `env:"GREENROOM_SMTP" name:"smtp" placeholder:"URL" help:"Mail server for invitations: smtp://USER@HOST:587 (STARTTLS is required), smtps://USER@HOST:465, or smtp+plain://localhost:25 for one on this machine. Default: no mail."`
	SMTPPassword   string        `env:"GREENROOM_SMTP_PASSWORD_FILE" name:"smtp-password-file" placeholder:"FILE" help:"File with the password of the mail server, if it is not in the URL. Its last line break is left out."`
	MailFrom       string        `env:"GREENROOM_MAIL_FROM" name:"mail-from" placeholder:"ADDRESS" help:"Sender of the mails, such as Example Rooms <rooms@example.org>."`
	OIDC           oidcFlags     `embed:"" prefix:"oidc-"`
	Drain          time.Duration `env:"GREENROOM_DRAIN" default:"20s" placeholder:"TIME" help:"How long people are spread over when the server stops, so that they do not all come back at once."`
	MemoryLimit    string        `env:"GREENROOM_MEMORY_LIMIT" default:"auto" placeholder:"SIZE" help:"Memory to stay below, such as 512MiB. auto: nine tenths of the container's or the machine's."`
	LogLevel       string        `env:"GREENROOM_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"Least of what is logged: debug, info, warn or error."`
	LogFormat      string        `env:"GREENROOM_LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"Log lines as text or json, on standard error."`
	Dev            bool          `env:"GREENROOM_DEV" help:"A trial: a seeded room that opens in a minute, a link for each role, mails shown instead of sent."`

	Version kong.VersionFlag `help:"Print the release and stop."`

	Serve serveCommand `cmd:"" default:"1" help:"Run the server (this is what happens without a command)."`
	Keys  struct {
		Create keysCreateCommand `cmd:"" help:"Make an API key for a person and print it, once."`
		List   keysListCommand   `cmd:"" help:"List the API keys of a person."`
		End    keysEndCommand    `cmd:"" help:"End an API key for good."`
	} `cmd:"" help:"API keys."`
	StoreCommands struct {
		Copy     storeCopyCommand     `cmd:"" help:"Copy a whole site into another, empty database and compare the two. Stop all servers first."`
		Restored storeRestoredCommand `cmd:"" help:"Say that the database has come from a backup, before servers start on it: pages that were open then are told everything anew, instead of going on from what is no more."`
	} `cmd:"" name:"store" help:"The database."`
	Audit struct {
		Verify auditVerifyCommand `cmd:"" help:"Go through the audit log's chains and say whether they are intact."`
	} `cmd:"" help:"The audit log."`
	SetupLink setupLinkCommand `cmd:"" name:"setup-link" help:"Print a new link, good for an hour, to make the first owner's account."`
}

// oidcFlags are the OpenID provider where people may sign in too.
type oidcFlags struct {
	Issuer     string   `env:"GREENROOM_OIDC_ISSUER" placeholder:"URL" help:"OpenID provider where people may sign in too. Its callback is /oidc/callback below the public URL. Default: none."`
	ClientID   string   `env:"GREENROOM_OIDC_CLIENT_ID" name:"client-id" placeholder:"ID" help:"Who greenroom is to the provider."`
	Secret     string   `env:"GREENROOM_OIDC_CLIENT_SECRET" name:"client-secret" placeholder:"SECRET" help:"The secret that goes with it; better in a file."`
	SecretFile string   `env:"GREENROOM_OIDC_CLIENT_SECRET_FILE" name:"client-secret-file" placeholder:"FILE" help:"File with that secret. Its last line break is left out."`
	Name       string   `env:"GREENROOM_OIDC_NAME" placeholder:"NAME" help:"How people know the provider. Default: its host."`
	Scopes     []string `env:"GREENROOM_OIDC_SCOPES" default:"email,profile" placeholder:"SCOPE" help:"What is asked for beyond openid."`
	Groups     string   `env:"GREENROOM_OIDC_GROUPS_CLAIM" name:"groups-claim" placeholder:"CLAIM" help:"Claim with the names of a person's groups."`
	Email      string   `env:"GREENROOM_OIDC_EMAIL" default:"claim" enum:"claim,never,always" placeholder:"TRUST" help:"Whether addresses that the provider tells count as verified: as its claim email_verified says, never or always. Accounts are found by verified ones alone."`
	Accounts   bool     `env:"GREENROOM_OIDC_ACCOUNTS" help:"Whom the provider knows by a verified address and nobody here, gets an account."`
}

// The commands. Their flags stand beside those of the table.
type (
	serveCommand      struct{}
	keysCreateCommand struct {
		Email   string        `required:"" placeholder:"ADDRESS" help:"Mail address of the person's account."`
		Label   string        `default:"command line" help:"What the key is for; shown to the person."`
		Scope   string        `enum:"read,rooms,all" default:"all" help:"What it may do: read, rooms (run them too) or all."`
		Expires time.Duration `default:"2160h" placeholder:"TIME" help:"How long it works, such as 720h; 0 for until it is ended."`
	}
	storeCopyCommand struct {
		From string `required:"" placeholder:"DSN" help:"Where the site is, such as sqlite:greenroom.db."`
		To   string `required:"" placeholder:"DSN" help:"Where it is to be, such as postgres://USER@HOST/DATABASE. It must be empty."`
	}
	storeRestoredCommand struct{}
	auditVerifyCommand   struct {
		Room string `placeholder:"ID" help:"Only this room's chain, or site. Default: all."`
	}
	keysListCommand struct {
		Email string `required:"" placeholder:"ADDRESS" help:"Mail address of the person's account."`
	}
	keysEndCommand struct {
		Email string `required:"" placeholder:"ADDRESS" help:"Mail address of the person's account."`
		Key   string `required:"" placeholder:"KEY" help:"Which one, as keys list names it."`
	}
	setupLinkCommand struct{}
)

// command is what was asked for.
type command func(ctx context.Context, line *commandLine, stdout, stderr io.Writer) error

// errHelped says that the question was answered by parse itself.
var errHelped = errors.New("helped")

// parse reads arguments and environment.
func parse(args []string, stdout, stderr io.Writer) (line *commandLine, run command, err error) {
	line = &commandLine{}
	parser, err := kong.New(line, kong.Name("server"), kong.Vars{"version": buildText()},
		kong.Description("greenroom: rooms with a door. Every flag can also be set in the environment."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { panic(errHelped) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}), kong.ValueFormatter(sentence))
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if said := recover(); said == errHelped {
			err = errHelped
		} else if said != nil {
			panic(said)
		}
	}()
	said, err := parser.Parse(args)
	if err != nil {
		return nil, nil, refuse("Run it with --help to see all that can be set.", "%v", err)
	}
	return line, commands[said.Command()], nil
}

// sentence is a flag's help: its words, its default, its name in the environment.
func sentence(v *kong.Value) string {
	text := v.Help
	if v.HasDefault && v.Default != "" {
		text += " Default: " + v.Default + "."
	}
	if v.Flag != nil && len(v.Flag.Envs) > 0 {
		text += " ($" + v.Flag.Envs[0] + ")"
	}
	return text
}

var commands = map[string]command{
	"serve":          serve,
	"keys create":    createKey,
	"keys list":      listKeys,
	"keys end":       endKey,
	"audit verify":   verifyAudit,
	"setup-link":     newSetupLink,
	"store copy":     copyStore,
	"store restored": tellRestored,
}
