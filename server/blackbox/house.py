"""What every chapter of the story needs: the owner with an API key, rooms, invited guests, and words for what is wrong."""

import json
import sys
from datetime import datetime, timedelta, timezone

from wire import Browser, new_key

BASE, KEY = sys.argv[1], sys.argv[2]
owner = Browser(BASE, KEY)
serial = iter(range(1, 1 << 30))
chapters = []


def chapter(told):
    chapters.append(told)
    return told


# What happens in every chapter


def equal(got, expected, what=""):
    assert got == expected, f"{what}: expected {expected!r}, got {got!r}"


def rfc3339(seconds):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()


def make_room(opens=False, **fields):
    answer = owner.call("POST", "/api/v1/rooms", {"title": f"Room {next(serial)}", "starts_at": rfc3339(3600), **fields})
    equal(answer.status, 201, answer.body)
    if opens:
        patch(answer.body["id"], state="open")
    return answer.body["id"]


def patch(room, expect=200, **change):
    answer = owner.call("PATCH", f"/api/v1/rooms/{room}", change)
    equal(answer.status, expect, answer.body)
    return answer.body


def invite(room, role="viewer", **fields):
    n = next(serial)
    asked = {"email": f"guest{n}@example.org", "first_name": f"Guest{n}", "last_name": "Example", "type": role, **fields}
    answer = owner.call("POST", f"/api/v1/rooms/{room}/invitations", asked)
    equal(answer.status, 201, answer.body)
    return answer.body


def invitation_call(room, invitation, method, what="", body=None, expect=200):
    answer = owner.call(method, f"/api/v1/rooms/{room}/invitations/{invitation['id']}{what}", body)
    equal(answer.status, expect, answer.raw)
    return answer.body


class Guest:
    """Somebody at the door: has opened the link, and stands in the lobby or the countdown."""

    def __init__(self, room, role="viewer", **fields):
        self.room, self.invitation = room, invite(room, role, **fields)
        self.participant, self.email = self.invitation["participant"], self.invitation["email"]
        self.browser = Browser(BASE)
        self.opened = self.browser.open(self.invitation["url"])
        equal(self.opened.status, 200, self.opened.raw)
        self.dial()

    def dial(self, **more):
        self.socket = self.browser.dial()
        self.greeting = self.socket.hello(self.room, **more)
        return self

    def check(self, email=None):
        return self.socket.write("lobby.check", {"email": email or self.email})

    def enter(self):
        reply = self.check()
        equal(reply.get("ok", {}).get("phase"), "live", reply)
        self.entry = self.socket.event("phase.changed")["data"]
        return self

    def post(self, text, **more):
        reply = self.socket.write("chat.post", {"text": text, **more})
        assert "ok" in reply, reply
        return reply["ok"]


def inside(room, role="viewer"):
    return Guest(room, role).enter()


def refused(reply, code, **fields):
    assert "err" in reply, f"expected err {code}, got {json.dumps(reply)[:300]}"
    err = reply["err"]
    equal(err["code"], code, err)
    assert err.get("message"), f"no words for people: {err}"
    equal(err.get("temporary"), code in ("slow_down", "busy", "unavailable", "lobby_locked"), f"temporary of {code}")
    for name, value in fields.items():
        equal(err.get(name), value, f"{name} of {code}")
    return err


def problem(answer, status, code, *fields):
    equal(answer.status, status, answer.raw)
    equal(answer.headers.get_content_type(), "application/problem+json", answer.raw)
    document = answer.body
    equal((document["status"], document["code"]), (status, code), document)
    assert document["type"] and document["title"], document
    for name in fields:
        assert name in document.get("fields", {}), f"{name} is not among the fields of {document}"
    return document
