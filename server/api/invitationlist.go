package api

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"greenroom/hub/room"
)

// Bounds of a page.
const (
	invitationsShown = 50
	invitationsMost  = 200
)

// lockedState is a filter beside the states: links that guessing has locked.
const lockedState = "locked"

type invitationList struct {
	Items  []invitationView `json:"items"`
	Next   string           `json:"next,omitempty"`
	Total  int              `json:"total"`  // how many match, on all pages
	Before int              `json:"before"` // how many of them come before this page
	Counts map[string]int   `json:"counts"` // by state, of those who match but for their state
	Types  map[string]int   `json:"types"`  // by type, of those who match but for their type
}

// invitationQuery says which invitations are wanted, and in which order.
type invitationQuery struct {
	words  []string // folded; all must be there
	states []string
	types  []string
	ids    []string // these alone, whatever else is asked
	order  string
	back   bool
	after  invitationCursor
	limit  int
}

// invitationCursor is the last invitation of the page before: its id and, where
// the order is not that of issue, the key that it had then. It may have another
// one by now.
type invitationCursor struct {
	id, key string
	known   bool // key is given
}

func (c invitationCursor) String() string {
	if !c.known {
		return c.id
	}
	return c.id + "." + base64.RawURLEncoding.EncodeToString([]byte(c.key))
}

func parseCursor(text string) (c invitationCursor, err error) {
	id, key, known := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return c, invalid("after", "is not what a page gave as next")
	}
	return invitationCursor{id, string(raw), known}, nil
}

// orders are what a list can be sorted by; the key of equals is their seat.
var orders = map[string]func(*scene, *listed) string{
	"issued": func(*scene, *listed) string { return "" },
	"name":   func(_ *scene, l *listed) string { return l.entry.name },
	"email":  func(_ *scene, l *listed) string { return l.entry.text[len(l.entry.name)+1:] },
	"type":   func(_ *scene, l *listed) string { return string('a' + rune(room.Moderator-l.person.Role)) },
	"state":  func(_ *scene, l *listed) string { return string('a' + rune(slices.Index(stateOrder, l.state))) },
}

// stateOrder puts who is here first, and who needs care behind them.
var stateOrder = []room.InvitationState{
	room.InvitationInside, room.InvitationWaiting, room.InvitationBounced, room.InvitationFailed, room.InvitationExpired,
	room.InvitationConfirmed, room.InvitationOpened, room.InvitationSent, room.InvitationQueued, room.InvitationIssued,
	room.InvitationLeft, room.InvitationRemoved, room.InvitationBanned, room.InvitationRevoked,
}

// getInvitations lists a room's invitations.
func (a *API) getInvitations(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	_, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	q, err := readInvitationQuery(r.URL.Query())
	if err != nil {
		return err
	}
	c, err := a.scene(r.Context(), state)
	if err != nil {
		return err
	}
	list := c.list(q)
	c.leave()
	return answer(w, http.StatusOK, list)
}

func readInvitationQuery(given url.Values) (q invitationQuery, err error) {
	q.words = strings.Fields(fold(given.Get("q")))
	q.ids = commas(given.Get("ids"))
	q.order, q.back = strings.CutPrefix(cmp.Or(given.Get("sort"), "issued"), "-")
	if orders[q.order] == nil {
		return q, invalid("sort", "is issued, name, email, type or state, or one of them behind a minus")
	}
	q.states = commas(given.Get("state"))
	for _, s := range q.states {
		if s != lockedState && !slices.Contains(stateOrder, room.InvitationState(s)) {
			return q, invalid("state", "is issued, queued, sent, bounced, failed, opened, confirmed, waiting, inside, left, removed, banned, expired, revoked or locked, or several with commas")
		}
	}
	q.types = commas(given.Get("type"))
	for _, t := range q.types {
		if !room.ParseRole(t).Invitable() {
			return q, invalid("type", "is viewer, speaker or moderator, or several with commas")
		}
	}
	if q.after, err = parseCursor(given.Get("after")); err != nil {
		return q, err
	}
	q.limit, err = strconv.Atoi(cmp.Or(given.Get("limit"), strconv.Itoa(invitationsShown)))
	if err != nil || q.limit < 1 || q.limit > invitationsMost || len(q.ids) > invitationsMost {
		return q, invalid("limit", "is between 1 and 200")
	}
	return q, nil
}

func commas(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// listed is one invitation that may be shown.
type listed struct {
	person *room.Person
	seat   int
	entry  *entry
	state  room.InvitationState
	key    string
}

// list gives a page.
func (c *scene) list(q invitationQuery) invitationList {
	list := invitationList{Items: []invitationView{}, Counts: map[string]int{lockedState: 0}, Types: map[string]int{}}
	for _, s := range stateOrder {
		list.Counts[string(s)] = 0
	}
	page := c.find(q, &list)
	list.Total = len(page)
	if q.ids == nil {
		page, list.Before = c.behind(page, q)
		page = q.first(page, q.limit+1)
	}
	if q.ids == nil && len(page) > q.limit {
		page = page[:q.limit]
		list.Next = q.next(page[q.limit-1]).String()
	}
	for i := range page {
		list.Items = append(list.Items, c.view(page[i].person, page[i].seat))
	}
	clear(c.roster.listed)
	return list
}

// find gives those who match, and counts those who match in part.
func (c *scene) find(q invitationQuery, list *invitationList) []listed {
	all, seat := c.roster.listed[:0], -1
	for p := range c.state.People {
		seat++
		known := c.roster.place(seat)
		if p.Invitation == "" || known.entry == nil { // a manager; or younger than the roster
			continue
		}
		l := listed{person: p, seat: seat, entry: known.entry}
		if q.ids != nil {
			if slices.Contains(q.ids, string(p.Invitation)) {
				all = append(all, l)
			}
			continue
		}
		if !q.says(l.entry) {
			continue
		}
		w, _ := c.standing(p, seat, known)
		l.state = room.InvitationStateOf(p, w, c.now)
		if c.counted(q, &l, list) {
			l.key = orders[q.order](c, &l)
			all = append(all, l)
		}
	}
	c.roster.listed = all
	return all
}

// counted adds an invitation to the counts and says whether it is wanted.
func (c *scene) counted(q invitationQuery, l *listed, list *invitationList) bool {
	kind, locked := l.person.Role.Shown(), c.locked(l.person)
	rightType := len(q.types) == 0 || slices.Contains(q.types, kind)
	rightState := len(q.states) == 0 || slices.Contains(q.states, string(l.state)) || locked && slices.Contains(q.states, lockedState)
	if rightType {
		list.Counts[string(l.state)]++
		if locked {
			list.Counts[lockedState]++
		}
	}
	if rightState {
		list.Types[kind]++
	}
	return rightType && rightState
}

func (q invitationQuery) says(e *entry) bool {
	for _, word := range q.words {
		if !strings.Contains(e.text, word) {
			return false
		}
	}
	return true
}

func (q invitationQuery) compare(a, b *listed) int {
	order := cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.seat, b.seat))
	if q.back {
		return -order
	}
	return order
}

// behind leaves those behind the cursor, and counts the others. One that
// nobody knows has all before it.
func (c *scene) behind(all []listed, q invitationQuery) (rest []listed, before int) {
	if q.after.id == "" {
		return all, 0
	}
	p, ok := c.state.Invited(room.InvitationID(q.after.id))
	if !ok {
		return nil, len(all)
	}
	seat, _ := c.state.Seat(p.ID)
	known := c.roster.place(seat)
	if known.entry == nil {
		return nil, len(all)
	}
	last := listed{person: p, seat: seat, entry: known.entry, key: q.after.key}
	if !q.after.known {
		w, _ := c.standing(p, seat, known)
		last.state = room.InvitationStateOf(p, w, c.now)
		last.key = orders[q.order](c, &last)
	}
	rest = slices.DeleteFunc(all, func(l listed) bool { return q.compare(&l, &last) <= 0 })
	return rest, len(all) - len(rest)
}

// first gives the first n in order, and leaves the thousands that no page
// shows as they are. It works within all.
func (q invitationQuery) first(all []listed, n int) []listed {
	if q.back {
		slices.Reverse(all) // equals are in order then
	}
	order := func(a, b listed) int { return q.compare(&a, &b) }
	best, full := all[:0], false
	for i := range all {
		if full && q.compare(&all[i], &best[n-1]) > 0 {
			continue
		}
		if best = append(best, all[i]); len(best) == 2*n {
			slices.SortFunc(best, order)
			best, full = best[:n], true
		}
	}
	slices.SortFunc(best, order)
	return best[:min(n, len(best))]
}

func (q invitationQuery) next(last listed) invitationCursor {
	return invitationCursor{string(last.person.Invitation), last.key, q.order != "issued"}
}
