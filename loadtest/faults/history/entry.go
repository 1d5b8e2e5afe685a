package history

import "encoding/json"

type (
	// At is nanoseconds since the rig's start, never 0 in a history.
	At int64
	// Op is the number of one sending of a command or HTTP request: the same key
	// sent again has another one.
	Op uint64
	// Conn is the number of one socket; 0: none, as for HTTP.
	Conn uint64
)

// Entry is one of the types of this file, always as a pointer.
type Entry interface {
	Time() At
	setTime(At)
}

// When is the part that all entries share.
type When struct {
	At At `json:"t"`
}

// Time implements Entry.
func (w *When) Time() At     { return w.At }
func (w *When) setTime(t At) { w.At = t }

// Instant is a When of this time.
func Instant(t At) When { return When{t} }

// Person declares somebody whom the rig plays, in one room, before anything
// that they do. Who is in two rooms is two persons. Participant is as far as it
// is known; Noted again when it becomes so.
type Person struct {
	When
	Person      string `json:"person"` // the rig's name, unique
	Room        string `json:"room"`
	Participant string `json:"participant,omitempty"`
	Invitation  string `json:"invitation,omitempty"` // empty: a manager by API key
	Role        string `json:"role"`                 // invited as: viewer, speaker, moderator; or owner
	Email       string `json:"email,omitempty"`
	First       string `json:"first,omitempty"`
	Last        string `json:"last,omitempty"`
	Lean        bool   `json:"lean,omitempty"` // its folded state is not compared
}

// Opened is a socket whose handshake is done.
type Opened struct {
	When
	Conn     Conn   `json:"conn"`
	Person   string `json:"person"`
	Room     string `json:"room"`
	Instance string `json:"instance"`
	Device   string `json:"device,omitempty"` // which browser of the person, the rig's name
}

// Hello is the ok of a hello. The Invoke of it came before, with Cmd "hello"
// and its resume in Data; a refused hello is a Fail of that Op.
type Hello struct {
	When
	Conn     Conn            `json:"conn"`
	Op       Op              `json:"op"`
	Epoch    string          `json:"epoch"`
	Pos      uint64          `json:"pos"`
	Mode     string          `json:"mode"` // snapshot or resumed
	Phase    string          `json:"phase"`
	You      json.RawMessage `json:"you"`
	Snapshot json.RawMessage `json:"snapshot,omitempty"`
}

// Event is a durable event as it was received.
type Event struct {
	When
	Conn     Conn            `json:"conn"`
	Epoch    string          `json:"epoch"` // of the connection's hello; empty before it
	Pos      uint64          `json:"pos"`
	Name     string          `json:"name"`
	ServerAt int64           `json:"at"` // unix milliseconds, by the server
	Data     json.RawMessage `json:"data"`
}

// Signal is a volatile signal as it was received.
type Signal struct {
	When
	Conn Conn            `json:"conn"`
	Name string          `json:"name"`
	Data json.RawMessage `json:"data"`
}

// Closed is the end of a socket: Code 0 means that the line broke without a
// close frame. Ours: this side hung up. Commands without answer have got an
// Unknown before.
type Closed struct {
	When
	Conn   Conn   `json:"conn"`
	Code   int    `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
	Ours   bool   `json:"ours,omitempty"`
}

// Left is somebody who hangs up, connected or not.
type Left struct {
	When
	Person string `json:"person"`
}

// Invoke is a command or an HTTP request as it was sent; it ends with one Ok,
// Hello, Fail or Unknown of the same Op. Instance says where it went: an
// operation that failed over has several. Names of HTTP requests are below.
type Invoke struct {
	When
	Op       Op              `json:"op"`
	Conn     Conn            `json:"conn,omitempty"` // 0: HTTP
	ID       uint32          `json:"id,omitempty"`   // of the command on its connection
	Person   string          `json:"person"`         // who asks
	Instance string          `json:"instance"`
	Room     string          `json:"room"`
	Device   string          `json:"device,omitempty"`
	Key      string          `json:"key,omitempty"`
	Cmd      string          `json:"cmd"`
	Data     json.RawMessage `json:"data,omitempty"`
}

// Names of HTTP requests as Invoke.Cmd. Data is the body, or what stands here.
const (
	HTTPOpen   = "http.open"         // invitations/open: {"invitation","link"?}; a script that opens is Device "scanner"
	HTTPGet    = "http.get"          // a GET, HEAD or prefetch of a link by a mail scanner: {"invitation"}
	HTTPInvite = "http.invite"       // {"email",…}
	HTTPRevoke = "http.revoke"       // {"invitation","person"}
	HTTPRole   = "http.role"         // PATCH of an invitation's type: {"invitation","person","role"}
	HTTPReset  = "http.device_reset" // {"invitation","person"}
	HTTPMove   = "http.move"         // a link moves here by a mailed code: {"invitation","person"}
	HTTPManage = "http.manage"       // PUT of a manager: {"person","right"}
	HTTPEnd    = "http.manage_end"   // DELETE of a manager: {"person"}
	HTTPFile   = "http.file"         // an export of a room: {"what","format"}; Ok.Data is how it begins
	HTTPLink   = "http.link"         // a new link: {"invitation","person"}
	HTTPPatch  = "http.patch_room"   // {"starts_at"?: unix ms, "state"?}
	HTTPRoom   = "http.room"         // {"starts_at": unix ms}
	HTTPErase  = "http.erase"        // {"person"}
	HTTPExport = "http.export"       // {"kind"}; Ok.Data is what came, as JSON or a JSON string
)

// Ok is a positive answer.
type Ok struct {
	When
	Op    Op              `json:"op"`
	Pos   uint64          `json:"pos,omitempty"`
	Again bool            `json:"again,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// Fail is a refusal.
type Fail struct {
	When
	Op      Op              `json:"op"`
	Code    string          `json:"code"`
	Status  int             `json:"status,omitempty"` // of HTTP
	RetryMS int64           `json:"retry_ms,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"` // the whole error as it was told
}

// Unknown says that the connection ended before the answer.
type Unknown struct {
	When
	Op  Op     `json:"op"`
	Why string `json:"why,omitempty"`
}

// Fault is the beginning (On) or the end of something broken on purpose. The
// end is noted when it was undone; what still recovers then is for the checker
// to allow for.
type Fault struct {
	When
	ID     int      `json:"id"`   // the same at begin and end
	Name   string   `json:"name"` // kill, stop, drain, redis.kill, redis.flush, redis.cut, redis.failover, store.restart, store.readonly, partition, latency, clock, slow, halfopen, …
	On     bool     `json:"on"`
	Hits   []string `json:"hits"` // what is not healthy meanwhile: "instance:a", "path:a" (its clients), "redis", "redis:a", "store", "store:a", "clock:a"
	Detail string   `json:"detail,omitempty"`
}

// Delayed says that the machine came so late, just now, to a little work that
// was due.
type Delayed struct {
	When
	Took At `json:"took"`
}

// Logged is one place of a room's log in the store at the end.
type Logged struct {
	When
	Room        string          `json:"room"`
	Epoch       string          `json:"epoch"`
	Pos         uint64          `json:"pos"`
	StoreAt     int64           `json:"at"` // unix milliseconds, by the store
	Participant string          `json:"participant,omitempty"`
	Key         string          `json:"key,omitempty"`
	Kind        string          `json:"kind"` // of the fact
	Data        json.RawMessage `json:"data"`
	Tombstone   bool            `json:"tombstone,omitempty"` // its texts have been taken out
}

// State is what somebody's client (Source "folded") or a fresh hello (Source
// "fresh") knows of the room, in one normal form: a JSON object of parts such as
// role, phase, chat, stage. The two of one Round were taken with nothing going on
// and are of one person; Resumed says that the folded one's connection came back
// by mode:resumed.
type State struct {
	When
	Round   int             `json:"round"`
	Source  string          `json:"source"`
	Person  string          `json:"person"`
	Room    string          `json:"room"`
	Conn    Conn            `json:"conn,omitempty"`
	Pos     uint64          `json:"pos"`
	Resumed bool            `json:"resumed,omitempty"`
	State   json.RawMessage `json:"state"`
}

// The sources of a State.
const (
	Folded = "folded"
	Fresh  = "fresh"
)

// Quiet says that no fault is on and nobody has asked anything since Since;
// Counted and State entries of its Round follow.
type Quiet struct {
	When
	Round int  `json:"round"`
	Since At   `json:"since"`
	Final bool `json:"final,omitempty"`
}

// Counted is what one connection was told last of how many are inside, beside
// how many really are by the rig's knowledge: participants that have at least
// one live connection past its hello.
type Counted struct {
	When
	Round     int    `json:"round"`
	Room      string `json:"room"`
	Conn      Conn   `json:"conn"`
	Instance  string `json:"instance"`
	Told      int    `json:"told"`
	Connected int    `json:"connected"`
}

// Messages counts what the instances sent to each other between two readings
// (C2): Sent messages about people coming and going while Came of them came and
// Went went, over Lasted, with so many Instances.
type Messages struct {
	When
	Instance  string `json:"instance"`
	Instances int    `json:"instances"`
	Came      int    `json:"came"`
	Went      int    `json:"went"`
	Sent      int    `json:"sent"`
	Lasted    At     `json:"lasted"`
}

// Stalled is what a reader that reads nothing, or next to nothing, cost (S1):
// the limit, and bytes that waited for one connection meanwhile, at most; 0:
// nobody was felt.
type Stalled struct {
	When
	Conn  Conn   `json:"conn"`
	Held  int64  `json:"held"`
	Limit int64  `json:"limit"`
	From  At     `json:"from"`
	Until At     `json:"until"` // closed, or the end of the experiment
	Room  string `json:"room"`
}

// Searched says where the rig looked for an erased person's name, address and
// texts after the erasure was done (E1), and what of them it found.
type Searched struct {
	When
	Person string   `json:"person"`
	Where  string   `json:"where"`  // store, snapshot, page, export, audit
	Looked int      `json:"looked"` // how many bytes were searched
	Found  []string `json:"found,omitempty"`
}

// Scheduled is the plan of a room as it was made or moved, when the answer came
// (O1–O4). StartsAt is unix milliseconds; StoreNow what the store's clock said
// just then.
type Scheduled struct {
	When
	Room     string `json:"room"`
	StartsAt int64  `json:"starts_at"`
	StoreNow int64  `json:"store_now"`
}

// Begun is the first entry: how the run was made.
type Begun struct {
	When
	Seed      uint64   `json:"seed"`
	Instances []string `json:"instances"`
	Arguments []string `json:"arguments,omitempty"`
	UnixMS    int64    `json:"unix_ms"` // the system's clock at time 0
}
