package client_test

import (
	"errors"
	"testing"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// A moderator's whole day by the library, on a real server.
func TestModerating(t *testing.T) {
	h := open(t)
	mo, ada, bo := h.invite("mo@example.org", "moderator"), h.invite("ada@example.org", "viewer"), h.invite("bo@example.org", "viewer")
	h.openDoors()
	mod, adas := h.live(mo.URL), h.live(ada.URL)
	ctx, who := t.Context(), adas.You().Participant

	said, err := adas.Post(ctx, "Buy my turnips")
	h.must(err)
	h.must(mod.Mute(ctx, who, "Off topic."))
	if _, err := adas.Post(ctx, "again"); !errors.Is(err, room.CodeMuted) {
		t.Errorf("a muted person: %v", err)
	}
	h.until(adas, "muted", func(m *room.Mirror) bool { return m.You.Muted })
	h.must(mod.Unmute(ctx, who))
	h.until(adas, "not muted", func(m *room.Mirror) bool { return !m.You.Muted })

	if err := adas.Report(ctx, said.ID, ""); !errors.Is(err, room.CodeConflict) {
		t.Errorf("one's own message is reported: %v", err)
	}
	h.must(h.owner().Report(ctx, said.ID, "Spam"))
	h.until(mod, "a report", func(m *room.Mirror) bool { return len(m.Reports) == 1 })
	h.must(mod.SettleReport(ctx, said.ID))
	h.must(mod.Pin(ctx, said.ID))
	h.until(adas, "pinned", func(m *room.Mirror) bool { return m.Pin != nil && m.Pin.ID == said.ID })
	h.must(mod.Unpin(ctx))
	notice, err := mod.Announce(ctx, "Tea is ready.", room.ToEverybody, time.Minute)
	h.must(err)
	h.until(adas, "announced", func(m *room.Mirror) bool {
		return len(m.Announcements) == 1 && m.Announcements[0].Text == "Tea is ready."
	})
	h.must(mod.WithdrawAnnouncement(ctx, notice.ID))
	h.must(mod.ClearChat(ctx))
	h.until(adas, "cleared", func(m *room.Mirror) bool { return len(m.Chat.Items) == 0 && len(m.Announcements) == 0 && m.Pin == nil })
	if err := mod.Source(ctx, "https://video.example.org/"); !errors.Is(err, room.CodeInvalid) {
		t.Errorf("a stage without allowed origins: %v", err)
	}
	h.must(mod.Source(ctx, ""))
	waitingRoom(h, mod, bo)
	sentOut(h, mod, adas, ada)
}

func waitingRoom(h *house, mod *client.Room, bo client.Invitation) {
	h.Helper()
	locked, open := true, false
	h.must(mod.SetSettings(h.Context(), room.SetSettings{Locked: &locked}))
	bos := h.enter(bo.URL)
	entry, err := bos.LobbyCheck(h.Context(), "bo@example.org")
	h.must(err)
	if entry.Phase != room.PhaseWaiting {
		h.Fatalf("entered a locked room in phase %s", entry.Phase)
	}
	h.until(mod, "a knock", func(m *room.Mirror) bool { return m.Waiting != nil && m.Waiting.Total == 1 })
	page, err := mod.WaitingPage(h.Context(), room.KnockPage{})
	h.must(err)
	h.must(mod.Admit(h.Context(), page.Items[0].Participant))
	h.until(bos, "let in", func(m *room.Mirror) bool { return m.Phase == room.PhaseLive })
	if err := mod.Deny(h.Context(), "", page.Items[0].Participant); !errors.Is(err, room.CodeConflict) {
		h.Errorf("denied who is in: %v", err)
	}
	h.must(mod.SetSettings(h.Context(), room.SetSettings{Locked: &open}))
}

func sentOut(h *house, mod, adas *client.Room, ada client.Invitation) {
	h.Helper()
	who := adas.You().Participant
	h.must(mod.Remove(h.Context(), who, "Enough."))
	h.ended(adas, wire.CloseRemoved)
	back := h.live(ada.URL)
	h.must(mod.Ban(h.Context(), who, room.BanAddress, "Enough."))
	h.ended(back, wire.CloseBanned)
	if _, err := client.Open(h.Context(), ada.URL); !errors.Is(err, room.CodeBanned) {
		h.Errorf("the link of a banned person: %v", err)
	}
	list, err := mod.Moderation(h.Context())
	h.must(err)
	if len(list.Measures) != 1 || list.Measures[0].Kind != "banned" || list.Measures[0].Reason != "Enough." {
		h.Errorf("%+v", list)
	}
	h.must(mod.Unban(h.Context(), who))
	h.live(ada.URL)
}
