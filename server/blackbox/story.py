#!/usr/bin/env python3
"""The story of a session, told to a running `server --dev` by a stranger who has read hub/wire/PROTOCOL.md.

    story.py <public url> <api key>        prints a line per chapter, exits 1 if one went wrong

Each chapter makes rooms and invitations of its own through HTTP. Only the standard library is used.
"""

import json
import re
import sys
import threading
import time
import traceback
from datetime import datetime

from house import BASE, KEY, Guest, chapter, chapters, equal, inside, invitation_call, invite, make_room, owner, patch, problem, refused, rfc3339
from wire import Browser, Closed, Refused, Socket, new_key

import live  # noqa: F401: its chapters come first

PATIENT = "--patient" in sys.argv  # also what takes half a minute


# HTTP


@chapter
def pages_are_one_document_and_ask_for_nothing():
    visitor = Browser(BASE)
    pages = [visitor.call("GET", path).raw for path in ("/", "/signin", "/setup", "/rooms", "/i/abc", "/r/abc")]
    equal(len(set(pages)), 1, "different documents")
    for method in ("GET", "HEAD"):
        answer = visitor.call(method, "/i/abc")
        equal((answer.status, answer.cookies, answer.headers["Cache-Control"]), (200, [], "no-store"))
    for path in ("/healthz", "/readyz"):
        equal(visitor.call("GET", path).status, 200, path)


@chapter
def refusals_are_problem_documents():
    room = make_room()
    rooms = "/api/v1/rooms"
    problem(owner.call("POST", rooms, raw=b"{"), 400, "bad_request")
    problem(owner.call("POST", rooms, raw=b'{"title":"a","title":"b"}'), 400, "bad_request")
    problem(owner.call("POST", rooms, raw=b'{"title":"\xff"}'), 400, "bad_request")
    problem(owner.call("POST", rooms, {"title": "", "starts_at": rfc3339(60)}), 422, "invalid", "title")
    problem(owner.call("POST", rooms, {"title": "x", "starts_at": "tomorrow"}), 422, "invalid", "starts_at")
    problem(owner.call("POST", rooms, {"title": "x", "starts_at": rfc3339(-3600)}), 422, "invalid", "starts_at")
    problem(owner.call("POST", rooms, {"title": "x", "starts_at": rfc3339(60), "ends_at": rfc3339(30)}), 422, "invalid", "ends_at")
    problem(owner.call("POST", f"{rooms}/{room}/invitations", {"email": "nobody", "first_name": "A", "last_name": "B", "type": "viewer"}), 422, "invalid", "email")
    problem(owner.call("POST", f"{rooms}/{room}/invitations", {"email": "a@example.org", "first_name": "A", "last_name": "B", "type": "king"}), 422, "invalid", "type")
    problem(owner.call("GET", f"{rooms}/nowhere"), 404, "not_found")
    problem(owner.call("GET", "/api/v1/nothing"), 404, "not_found")
    problem(Browser(BASE).call("GET", rooms), 401, "not_authenticated")
    problem(Browser(BASE, "grk_wrong").call("GET", rooms), 401, "not_authenticated")
    problem(Browser(BASE).call("POST", "/api/v1/session", {"email": "x@example.org", "password": "wrong"}), 401, "not_authenticated")
    problem(owner.call("POST", rooms, raw=b'{"title":"' + b"x" * (1 << 20) + b'"}'), 413, "too_long")


@chapter
def a_link_that_is_wrong_is_not_found_whatever_is_wrong_with_it():
    url = invite(make_room())["url"]
    whole, _, secret = url.partition("#")
    wrong = [f"{whole}#{secret[:-1]}", f"{whole}#", f"{whole}#{secret}x", f"{whole}x#{secret}", f"{BASE}/i/#{secret}", f"{whole}#{secret.swapcase()}"]
    documents = [problem(Browser(BASE).open(one), 404, "not_found") for one in wrong]
    equal(len({(d["title"], d.get("detail")) for d in documents}), 1, f"they tell something apart: {documents}")


@chapter
def opening_gives_two_cookies_and_binds_nothing():
    room = make_room()
    invitation = invite(room)
    assert re.fullmatch(re.escape(BASE) + r"/i/[\w-]+#[\w-]{20,}", invitation["url"]), invitation["url"]
    visitor = Browser(BASE)
    answer = visitor.open(invitation["url"])
    equal((answer.status, answer.body["phase"], answer.body["lobby"], answer.body["first_name"]), (200, "countdown", "email", invitation["first_name"]))
    equal((answer.body["room"]["id"], answer.body["room"]["description"]), (room, ""))
    port = BASE.rsplit(":", 1)[1]
    equal(set(visitor.cookies), {f"greenroom-{port}", f"greenroom-device-{port}"})
    for line in answer.cookies:
        for attribute in ("httponly", "samesite=strict", "path=/"):
            assert attribute in line.lower().replace(" ", ""), line
    for _ in range(3):
        equal(Browser(BASE).open(invitation["url"]).status, 200, "opened by others before")
    problem(owner.call("GET", f"/api/v1/rooms/{room}/calendar", Authorization=None), 401, "not_authenticated")
    equal(visitor.call("GET", f"/api/v1/rooms/{room}/calendar").headers.get_content_type(), "text/calendar")


@chapter
def opening_another_link_adds_it_to_the_session():
    first, second = make_room(), make_room()
    visitor = Browser(BASE)
    for room in (first, second):
        equal(visitor.open(invite(room)["url"]).status, 200)
    equal([one["room"] for one in visitor.call("GET", "/api/v1/session").body["invitations"]], [first, second])
    before = dict(visitor.cookies)
    assert visitor.call("POST", "/api/v1/session/renew", {}).status < 300
    assert visitor.cookies != before, "renew gives a new id"
    equal(len(visitor.call("GET", "/api/v1/session").body["invitations"]), 2)
    old = Browser(BASE)
    old.cookies = before
    answer = old.call("GET", "/api/v1/session")
    assert answer.status == 401 or not answer.body["invitations"], f"the old id lives: {answer.raw}"


@chapter
def expired_and_revoked_links_say_so_to_who_holds_the_secret():
    room = make_room()
    gone = invite(room)
    invitation_call(room, gone, "DELETE", expect=204)
    problem(Browser(BASE).open(gone["url"]), 410, "invitation_revoked")
    problem(Browser(BASE).open(gone["url"][:-1]), 404, "not_found")
    late = invite(room, expires_at=rfc3339(1))
    deadline = time.monotonic() + 5
    while (answer := Browser(BASE).open(late["url"])).status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    problem(answer, 410, "invitation_expired")
    renewed = invitation_call(room, late, "POST", "/link", {})
    equal(Browser(BASE).open(renewed["url"]).status, 200, "the new link")
    problem(Browser(BASE).open(late["url"]), 410, "invitation_expired")


@chapter
def ids_of_another_room_are_unknown_here():
    here, there = make_room(True), make_room(True)
    stranger = invite(there)
    for method, what, body in (("PATCH", "", {"type": "speaker"}), ("DELETE", "", None), ("POST", "/link", {}), ("POST", "/device-reset", {})):
        problem(owner.call(method, f"/api/v1/rooms/{here}/invitations/{stranger['id']}{what}", body), 404, "not_found")
    guest, moderator = inside(here), inside(here, "moderator")
    refused(moderator.socket.write("role.set", {"participant": stranger["participant"], "role": "speaker"}), "not_found")
    said = inside(there).post("Elsewhere")
    refused(guest.socket.write("chat.like", {"id": said["id"]}), "not_found")
    refused(guest.socket.write("chat.post", {"text": "Re", "reply_to": said["id"]}), "not_found")
    other = guest.browser.dial()
    refused(other.hello(there), "not_authenticated")
    other.closes(4502)
    problem(guest.browser.call("GET", f"/api/v1/rooms/{there}"), 404, "not_found")


@chapter
def the_same_address_again_changes_the_invitation_and_keeps_the_link():
    room = make_room(True)
    guest = inside(room)
    again = owner.call("POST", f"/api/v1/rooms/{room}/invitations", {"email": guest.email.upper(), "first_name": "New", "last_name": "Name", "type": "speaker"})
    equal((again.status, again.body["id"], again.body["existing"]), (200, guest.invitation["id"], True))
    assert "url" not in again.body, again.body
    equal(guest.socket.event("me.role")["data"]["role"], "speaker")


# Handshake and hello


@chapter
def the_handshake_wants_the_subprotocol_and_our_own_origin():
    guest = Guest(make_room())
    cookie = guest.browser.cookie_line()
    port = BASE.rsplit(":", 1)[1]
    for origin in ("http://evil.example", "null", None, BASE + ".evil.example", f"https://127.0.0.1:{port}", "http://127.0.0.1:1", BASE + "/", BASE.replace("127.0.0.1", "127.0.0.2")):
        try:
            Socket(BASE, {"Origin": origin, "Cookie": cookie}).hang_up()
        except Refused:
            continue
        raise AssertionError(f"an Origin of {origin} got through")
    for headers, protocol in (({"Sec-Fetch-Site": "cross-site"}, "greenroom.v1"), ({"Sec-Fetch-Site": "same-site"}, "greenroom.v1"), ({}, None), ({}, "greenroom.v2"), ({"Sec-WebSocket-Version": "8"}, "greenroom.v1")):
        try:
            Socket(BASE, {"Origin": BASE, "Cookie": cookie, **headers}, protocol).hang_up()
        except Refused:
            continue
        raise AssertionError(f"{headers} {protocol} got through")


@chapter
def hello_without_a_session_and_for_unknown_rooms():
    room = make_room()
    nobody = Browser(BASE).dial()
    refused(nobody.hello(room), "not_authenticated")
    nobody.closes(4502)
    guest = Guest(room)
    lost = guest.browser.dial()
    err = lost.hello("nowhere")["err"]
    assert err["code"] in ("not_found", "not_authenticated"), err
    lost.closes(4503 if err["code"] == "not_found" else 4502)
    wrong = guest.browser.dial()
    err = wrong.hello(room, invitation="nothing")["err"]
    assert err["code"] in ("not_found", "not_authenticated"), err
    for data in ({"client": "story"}, {"room": 7}, {"room": room, "resume": {"epoch": "x", "pos": -1}}, []):
        odd = guest.browser.dial()
        refused(odd.ask("hello", data), "invalid")
        odd.closes(4500)


@chapter
def a_key_of_a_manager_opens_the_socket():
    room = make_room(True)
    manager = Socket(BASE, {"Authorization": "Bearer " + KEY})
    ok = manager.hello(room)["ok"]
    equal((ok["phase"], ok["you"]["role"], ok["you"]["right"]), ("live", "manager", "owner"))
    assert "backchannel" in ok["snapshot"] and "room.delete" in ok["you"]["rights"], ok
    guest = inside(room)
    assert "ok" in manager.write("role.set", {"participant": guest.participant, "role": "moderator"})
    equal(guest.socket.event("me.role")["data"]["role"], "moderator")


@chapter
def the_countdown_by_hello_and_its_clock():
    room = make_room(description="What it is about", speakers=[{"name": "Amara Osei", "bio": "VP"}])
    guest = Guest(room)
    ok = guest.greeting["ok"]
    assert {"epoch", "pos", "phase", "mode", "now", "you", "limits", "snapshot"} <= set(ok), ok.keys()
    equal((ok["phase"], ok["mode"], ok["you"]["confirmed"], ok["you"]["rights"]), ("countdown", "snapshot", False, []))
    equal((ok["you"]["muted"], ok["you"]["hand"]), (False, 0))
    equal(set(ok["snapshot"]), {"room"}, "who waits sees the room alone")
    shown = ok["snapshot"]["room"]
    equal((shown["id"], shown["state"], shown["description"], shown["speakers"]), (room, "scheduled", "What it is about", [{"name": "Amara Osei", "bio": "VP"}]))
    assert abs(ok["now"] - time.time() * 1000) < 2000, "now is in milliseconds"
    assert abs(shown["starts_at"] - ok["now"] - 3_600_000) < 10_000, shown
    equal(guest.socket.signal("countdown")["data"]["starts_at"], shown["starts_at"])
    measured = guest.socket.ask("time", {"t0": 17})["ok"]
    assert measured["t0"] == 17 and measured["t1"] <= measured["t2"] <= time.time() * 1000 + 100, measured
    moved = patch(room, starts_at=rfc3339(7200))
    event = guest.socket.event("room.scheduled")
    assert abs(event["data"]["starts_at"] - datetime.fromisoformat(moved["starts_at"].replace("Z", "+00:00")).timestamp() * 1000) < 1, event
    patch(room, title="Another title")
    equal(guest.socket.event("room.edited")["data"]["room"]["title"], "Another title")


@chapter
def the_doors_open_by_a_push_to_the_confirmed_and_to_the_others():
    room = make_room(starts_at=rfc3339(2))
    early, late = Guest(room), Guest(room)
    for guest in (early, late):
        refused(guest.socket.write("chat.post", {"text": "Too early"}), "not_open_yet")
    reply = early.check(early.email.upper())
    equal(reply["ok"]["phase"], "countdown", reply)
    confirmed = early.socket.event("phase.changed")["data"]
    equal((confirmed["phase"], confirmed["you"]["confirmed"], confirmed["you"]["rights"]), ("countdown", True, []))
    opened = early.socket.event("room.opened", 6)
    equal(opened["data"]["spread_ms"], 0)
    entry = early.socket.event("phase.changed")["data"]
    equal((entry["phase"], entry["you"]["confirmed"]), ("live", True))
    assert "chat.post" in entry["you"]["rights"], entry
    assert "backchannel" not in entry["snapshot"], "a viewer sees no backchannel"
    late.socket.event("room.opened")
    equal(late.socket.event("phase.changed")["data"]["phase"], "lobby")
    refused(late.socket.write("chat.post", {"text": "Not in yet"}), "forbidden")
    late.enter()
    equal(patch(room, expect=409, starts_at=rfc3339(100))["code"], "conflict", "an open room's start")


@chapter
def the_audience_has_a_stage_even_when_nobody_stands_there():
    snapshot = inside(make_room(True)).entry["snapshot"]
    equal({"room", "stage", "chat"} - set(snapshot), set(), "what a viewer's snapshot lacks")
    equal({"backchannel", "hands", "waiting", "reports"} & set(snapshot), set(), "what of the staff's a viewer's snapshot holds")
    equal((snapshot["stage"], snapshot["chat"]), ([], {"items": [], "more": False}))


@chapter
def the_lobby_counts_wrong_addresses_and_locks():
    room = make_room(True)
    guest = Guest(room)
    refused(guest.check("no address"), "invalid")
    words = set()
    for left in (4, 3, 2, 1, 0):
        reply = guest.check(f"wrong{left}@example.org")
        if left or reply["err"]["code"] == "lobby_no_match":
            words.add(refused(reply, "lobby_no_match", tries_left=left)["message"])
    equal(len(words), 1, "one answer for every mismatch")
    err = refused(guest.check(), "lobby_locked")
    assert err["retry_ms"] > 0, err
    guest.socket.hang_up()
    refused(guest.dial().check(), "lobby_locked")
    invitation_call(room, guest.invitation, "POST", "/device-reset", {})
    guest.dial().enter()


@chapter
def a_hundred_claims_of_one_link_have_one_winner():
    room = make_room(True)
    invitation = invite(room)
    sockets = []
    for _ in range(100):
        browser = Browser(BASE)
        equal(browser.open(invitation["url"]).status, 200)
        sockets.append(browser.dial())
        assert "ok" in sockets[-1].hello(room)
    outcome, gate = [None] * len(sockets), threading.Barrier(len(sockets))

    def claim(n):
        gate.wait()
        try:
            outcome[n] = sockets[n].write("lobby.check", {"email": invitation["email"]})
        except Closed as closed:
            outcome[n] = {"closed": closed.code}

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(len(sockets))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sum("ok" in one for one in outcome), 1, outcome)
    for one in outcome:
        if "ok" not in one:
            equal(one.get("closed", one.get("err", {}).get("code")) in (4504, "other_device"), True, one)


# Inside


@chapter
def chat_reaches_everybody_once_and_in_order():
    room = make_room(True)
    ana, ben = inside(room), inside(room)
    said = [ana.post("One"), ana.post("Two"), ben.post("Three")]
    for guest in (ana, ben):
        heard = [guest.socket.event("chat.posted") for _ in said]
        equal([(e["pos"], e["data"]["id"], e["data"]["text"]) for e in heard], [(s["pos"], s["id"], t) for s, t in zip(said, ("One", "Two", "Three"))])
        equal(heard[0]["data"]["participant"], ana.participant)
        equal(heard[0]["data"]["role"], "viewer")
        guest.socket.none("chat.posted")
    page = ben.socket.ask("chat.page", {"limit": 2})["ok"]
    equal(([m["text"] for m in page["items"]], page["more"]), (["Two", "Three"], True))
    page = ben.socket.ask("chat.page", {"before": page["items"][0]["id"], "limit": 2})["ok"]
    equal(([m["text"] for m in page["items"]], page["more"]), (["One"], False))


@chapter
def replies_likes_and_deleting():
    room = make_room(True)
    ana, ben, mo = inside(room), inside(room), inside(room, "moderator")
    first = ana.post("A question")
    second = ben.post("An answer", reply_to=first["id"])
    equal([ana.socket.event("chat.posted")["data"].get("reply_to") for _ in range(2)], [None, first["id"]])
    equal(ben.socket.write("chat.like", {"id": first["id"]})["ok"]["likes"], 1)
    equal(ben.socket.write("chat.like", {"id": first["id"]})["ok"]["likes"], 1, "liked twice")
    equal(ben.socket.write("chat.like", {"id": first["id"], "on": False})["ok"]["likes"], 0)
    refused(ana.socket.write("chat.delete", {"id": second["id"]}), "forbidden")
    assert "ok" in mo.socket.write("chat.delete", {"id": second["id"]})
    deleted = ana.socket.event("chat.deleted")["data"]
    equal((deleted["id"], deleted["participant"]), (second["id"], mo.participant))
    equal([m["id"] for m in ana.socket.ask("chat.page", {})["ok"]["items"]], [first["id"]])
    refused(ana.socket.write("chat.post", {"text": "Re", "reply_to": second["id"]}), "not_found")
    equal([m["id"] for m in inside(room).entry["snapshot"]["chat"]["items"]], [first["id"]], "a snapshot after deleting")


@chapter
def a_replayed_key_takes_effect_once():
    room = make_room(True)
    ana, ben = inside(room), inside(room)
    key = new_key()
    first = ana.socket.ask("chat.post", {"text": "Once"}, key)
    assert "again" not in first, first
    again = ana.socket.ask("chat.post", {"text": "Once"}, key)
    equal((again["ok"], again.get("again")), (first["ok"], True))
    ana.socket.hang_up()
    ana.dial()
    again = ana.socket.ask("chat.post", {"text": "Once"}, key)
    equal((again["ok"], again.get("again")), (first["ok"], True), "over another connection")
    ben.socket.event("chat.posted")
    ben.socket.none("chat.posted")
    other = ben.socket.ask("chat.post", {"text": "Mine"}, key)
    assert other["ok"]["id"] != first["ok"]["id"] and "again" not in other, "a key belongs to its participant"
    refused(ana.socket.ask("chat.post", {"text": "No key"}), "invalid")


@chapter
def what_does_not_fit_is_invalid_and_the_connection_stays():
    room = make_room(True)
    ana, mo = inside(room), inside(room, "moderator")
    for data in ({}, {"text": ""}, {"text": "   "}, {"text": 7}, {"text": None}, [], "text"):
        refused(mo.socket.write("chat.post", data), "invalid")
    for cmd, wanted in (("chat.delete", "id"), ("question.publish", "id"), ("participant.mute", "participant"), ("stage.answer", "accept")):
        err = refused(mo.socket.write(cmd, {}), "invalid")
        equal(set(err["fields"]), {wanted}, cmd)
    for data in ({"role": "king"}, {"after": "nobody"}):
        refused(mo.socket.ask("people.page", data), "invalid")
    refused(mo.socket.write("chat.post", {"text": "é" * 2001}), "too_long")
    longest = mo.socket.write("chat.post", {"text": "é" * 2000, "unknown_field": {"is": "ignored"}})
    assert "ok" in longest, longest
    refused(ana.socket.write("chat.shout", {"text": "x"}), "unknown_command")
    refused(ana.socket.write("Chat.post", {"text": "x"}), "unknown_command")
    refused(ana.socket.write("role.set", {"participant": ana.participant, "role": "speaker"}), "forbidden")
    refused(ana.socket.ask("people.page", {}), "forbidden")
    refused(ana.socket.write("backchannel.post", {"text": "x"}), "forbidden")
    assert "ok" in ana.socket.ask("time", {"t0": 1}), "the connection lives"


@chapter
def two_commands_in_one_frame_are_both_answered():
    ana = inside(make_room(True))
    ana.socket.text("\n".join(json.dumps({"cmd": "time", "id": n, "data": {"t0": n}}) for n in (901, 902)))
    for n in (901, 902):
        equal(ana.socket.until(lambda m: m.get("re") == n, f"reply {n}")["ok"]["t0"], n)


@chapter
def a_viewer_who_is_too_fast_is_asked_to_slow_down():
    ana = inside(make_room(True))
    replies = [ana.socket.write("chat.post", {"text": f"Fast {n}"}) for n in range(8)]
    assert all("ok" in one for one in replies[:5]), "five at once are welcome"
    slow = next((one for one in replies if "err" in one), None)
    assert slow, "eight at once are not"
    assert refused(slow, "slow_down")["retry_ms"] > 0


@chapter
def roles_change_live_and_rights_end_at_once():
    room = make_room(True)
    ana, ben, mo = inside(room), inside(room), inside(room, "moderator")
    tab = ana.browser.dial()
    equal(tab.hello(room)["ok"]["phase"], "live")
    assert "ok" in mo.socket.write("role.set", {"participant": ana.participant, "role": "speaker"})
    for socket in (ana.socket, tab):
        me = socket.event("me.role")
        equal((me["data"]["role"], me["data"]["by"]["participant"]), ("speaker", mo.participant))
        assert "backchannel.post" in me["data"]["rights"] and "backchannel" in me["data"]["snapshot"], me
        frame = next(frame for frame in socket.frames if me in frame)
        mine = [m for m in frame if m.get("event") == "stage.changed"]
        equal([(m["pos"], m["data"]["participant"], m["data"]["role"]) for m in mine], [(me["pos"], ana.participant, "speaker")], "in one frame")
    changed = ben.socket.stage(ana.participant)
    equal((changed["data"]["role"], changed["pos"]), ("speaker", me["pos"]))
    ben.socket.none("me.role")
    assert "ok" in ana.socket.write("backchannel.post", {"text": "Among us"})
    equal(mo.socket.event("backchannel.posted")["data"]["text"], "Among us")
    ben.socket.none("backchannel.posted")
    refused(mo.socket.write("role.set", {"participant": ana.participant, "role": "moderator"}), "forbidden")
    assert "ok" in mo.socket.write("role.set", {"participant": ana.participant, "role": "viewer"})
    for socket in (ana.socket, tab):
        me = socket.event("me.role")["data"]
        equal(me["role"], "viewer")
        assert "backchannel" not in me["snapshot"], "the backchannel is gone"
        refused(socket.write("backchannel.post", {"text": "Too late"}), "forbidden")
        refused(socket.ask("backchannel.page", {}), "forbidden")
    equal(ben.socket.stage(ana.participant)["data"]["role"], "viewer")
    invitation_call(room, ana.invitation, "PATCH", "", {"type": "moderator"})
    equal(ana.socket.event("me.role")["data"]["role"], "moderator")


@chapter
def staff_page_and_search_the_people():
    room = make_room(True)
    mo = inside(room, "moderator")
    guests = [inside(room) for _ in range(5)]
    page = mo.socket.ask("people.page", {"limit": 4})["ok"]
    equal((len(page["items"]), page["total"]), (4, 6))
    rest = mo.socket.ask("people.page", {"limit": 4, "after": page["next"]})["ok"]
    names = [member["name"] for member in page["items"] + rest["items"]]
    equal(len(set(names)), 6)
    equal("next" in rest, False)
    found = mo.socket.ask("people.page", {"q": guests[2].invitation["first_name"]})["ok"]["items"]
    assert guests[2].participant in [member["participant"] for member in found], found
    viewers = mo.socket.ask("people.page", {"role": "viewer"})["ok"]
    equal(viewers["total"], 5)
    count = mo.socket.until(lambda m: m.get("signal") == "people.count" and m["data"].get("inside") == 6, "a count of six")["data"]
    equal((count["by_role"]["viewer"], count["by_role"]["moderator"]), (5, 1))


# Devices, endings, breaks


@chapter
def one_link_one_device_until_a_manager_frees_it():
    room = make_room(True)
    first = inside(room)
    waiting = Browser(BASE)
    document = problem(waiting.open(first.invitation["url"]), 423, "other_device")
    assert document.get("since_at"), document
    assert not re.search(r"guest\d+@|127\.0\.0|user.?agent", json.dumps(document), re.I), "something about the other device"
    tab = first.browser.dial()
    equal(tab.hello(room)["ok"]["phase"], "live", "several tabs of one device are welcome")
    began = time.monotonic()
    freed = invitation_call(room, first.invitation, "POST", "/device-reset", {})
    equal(freed["devices_used"], 0)
    for socket in (first.socket, tab):
        socket.closes(4505)
    assert time.monotonic() - began < 1, "at once"
    equal(waiting.open(first.invitation["url"]).status, 200)
    socket = waiting.dial()
    equal(socket.hello(room)["ok"]["phase"], "lobby", "the confirmation is forgotten")
    equal(socket.write("lobby.check", {"email": first.email})["ok"]["phase"], "live")
    back = first.browser.dial()
    err = refused(back.hello(room), "other_device")
    assert isinstance(err["since_at"], int), err
    back.closes(4504)


@chapter
def the_lobby_tells_when_another_device_was_quicker():
    room = make_room(True)
    first = Guest(room)
    second = Browser(BASE)
    second.open(first.invitation["url"])
    socket = second.dial()
    socket.hello(room)
    first.enter()
    try:
        refused(socket.write("lobby.check", {"email": first.email}), "other_device")
    except Closed as closed:
        equal(closed.code, 4504)
        return
    socket.closes(4504)


@chapter
def a_revoked_person_is_told_and_out_within_a_second():
    room = make_room(True)
    ana, ben = inside(room), inside(room)
    began = time.monotonic()
    invitation_call(room, ana.invitation, "DELETE", expect=204)
    ana.socket.event("me.revoked")
    ana.socket.closes(4503)
    took = time.monotonic() - began
    assert took < 1, f"{took:.2f} s"
    refused(ana.browser.dial().hello(room), "invitation_revoked")
    problem(ana.browser.open(ana.invitation["url"]), 410, "invitation_revoked")
    assert "ok" in ben.socket.ask("time", {"t0": 1})


@chapter
def closing_opening_again_and_deleting():
    room = make_room(True)
    ana, waiting = inside(room), Guest(room)
    patch(room, state="closed", reason="Fire drill")
    for guest in (ana, waiting):
        equal(guest.socket.event("room.closed")["data"]["reason"], "Fire drill")
        equal(guest.socket.event("phase.changed")["data"]["phase"], "over")
    late = ana.browser.dial()
    refused(late.hello(room), "over")
    late.closes(4508)
    patch(room, state="open")
    for guest, phase in ((ana, "live"), (waiting, "lobby")):
        guest.socket.event("room.opened")
        equal(guest.socket.event("phase.changed")["data"]["phase"], phase)
    equal(owner.call("DELETE", f"/api/v1/rooms/{room}", {"reason": "No date"}).status, 204)
    equal(ana.socket.event("room.deleted")["data"]["reason"], "No date")
    gone = ana.browser.dial()
    refused(gone.hello(room), "room_deleted")
    gone.closes(4509)
    problem(ana.browser.open(ana.invitation["url"]), 410, "room_deleted")


@chapter
def who_comes_back_resumes_and_misses_nothing():
    room = make_room(True)
    ana, ben = inside(room), inside(room)
    seen = ben.post("Before")
    equal(ana.socket.event("chat.posted")["pos"], seen["pos"])
    greeting = ana.greeting["ok"]
    ana.socket.hang_up()
    missed = [ben.post(f"Missed {n}") for n in range(3)]
    ok = ana.dial(resume={"epoch": greeting["epoch"], "pos": seen["pos"]}).greeting["ok"]
    equal((ok["mode"], "snapshot" in ok), ("resumed", False))
    assert ok["pos"] >= missed[-1]["pos"], ok
    events = [ana.socket.event("chat.posted") for _ in missed]
    equal([(e["pos"], e["data"]["id"]) for e in events], [(m["pos"], m["id"]) for m in missed])
    ana.socket.none("chat.posted")
    for resume in ({"epoch": "other", "pos": seen["pos"]}, {"epoch": greeting["epoch"], "pos": 1 << 40}):
        ok = ana.browser.dial().hello(room, resume=resume)["ok"]
        equal(ok["mode"], "snapshot", resume)
        equal([m["text"] for m in ok["snapshot"]["chat"]["items"]][-1], "Missed 2")
    ana.socket.hang_up()
    invitation_call(room, ana.invitation, "PATCH", "", {"type": "speaker"})
    ok = ana.dial(resume={"epoch": greeting["epoch"], "pos": missed[-1]["pos"]}).greeting["ok"]
    equal((ok["mode"], ok["you"]["role"]), ("snapshot", "speaker"), "the view is another one now")


@chapter
def five_connections_of_one_person_are_enough():
    room = make_room(True)
    ana = inside(room)
    tabs = [ana.browser.dial() for _ in range(4)]
    for tab in tabs:
        assert "ok" in tab.hello(room)
    one_more = ana.browser.dial()
    one_more.send("hello", {"room": room, "client": "blackbox/1.0"})
    one_more.closes(4513)
    tabs[0].hang_up()
    deadline = time.monotonic() + 3
    while "ok" not in (reply := ana.browser.dial().hello(room)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "ok" in reply, reply


# Frames of somebody who means no good


def sends(*frames):
    def act(socket):
        for frame in frames:
            socket.text(frame)

    return act


deep = '{"cmd":"time","id":9,"data":' + '{"a":' * 8 + "1" + "}" * 8 + "}"
hostile = {
    "not JSON": (sends("{"), 4500),
    "an array": (sends("[]"), 4500),
    "nothing": (sends(""), 4500),
    "two keys alike": (sends('{"cmd":"time","cmd":"time","id":9,"data":{"t0":1}}'), 4500),
    "two keys alike, deeper": (sends('{"cmd":"time","id":9,"data":{"t0":1,"t0":2}}'), 4500),
    "two keys alike, once escaped": (sends('{"cmd":"time","id":9,"data":{"t0":1,"\\u00740":2}}'), 4500),
    "too deep": (sends(deep), 4500),
    "no cmd": (sends('{"id":9,"data":{}}'), 4500),
    "no id": (sends('{"cmd":"time","data":{"t0":1}}'), 4500),
    "another case": (sends('{"CMD":"time","ID":9}'), 4500),
    "an id that is no number": (sends('{"cmd":"time","id":"9","data":{"t0":1}}'), 4500),
    "a second hello after garbage": (sends('{"cmd":"time","id":9,"data":{"t0":1}} x'), 4500),
    "binary": (lambda s: s.frame(2, b'{"cmd":"time","id":9,"data":{"t0":1}}'), 1003),
    "not UTF-8": (lambda s: s.frame(1, b'{"cmd":"time\xc3\x28","id":9}'), 1007),
    "a surrogate as UTF-8": (lambda s: s.frame(1, b'{"cmd":"\xed\xa0\x80","id":9}'), 1007),
    "too long": (sends('{"cmd":"time","id":9,"data":{"x":"' + "x" * (16 << 10) + '"}}'), 1009),
    "too long in pieces": (lambda s: [s.frame(1 if n == 0 else 0, b" " * 4096, fin=False) for n in range(6)], 1009),
    "not masked": (lambda s: s.frame(1, b'{"cmd":"time","id":9}', masked=False), 1002),
    "reserved bits": (lambda s: s.frame(1, b'{"cmd":"time","id":9}', rsv=4), 1002),
    "an unknown opcode": (lambda s: s.frame(5, b""), 1002),
    "a continuation of nothing": (lambda s: s.frame(0, b"x"), 1002),
    "a long control frame": (lambda s: s.frame(9, b"x" * 126), 1002),
}


@chapter
def hostile_frames_close_with_their_code():
    room = make_room(True)
    wrong = []
    for name, (act, code) in hostile.items():
        guest = Guest(room)
        try:
            act(guest.socket)
            guest.socket.closes(code)
        except (AssertionError, OSError) as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "; ".join(wrong)
    assert "ok" in inside(room).socket.ask("time", {"t0": 1}), "the room goes on"


@chapter
def before_hello_nothing_else_is_understood():
    guest = Guest(make_room(True))
    for cmd, data in (("time", {"t0": 1}), ("chat.post", {"text": "x"}), ("lobby.check", {"email": guest.email})):
        socket = guest.browser.dial()
        socket.send(cmd, data, new_key())
        socket.closes(4500)


@chapter
def a_ping_of_the_client_is_answered():
    guest = Guest(make_room())
    guest.socket.frame(9, b"are you there")
    equal(guest.socket.until(lambda m: "pong_frame" in m, "pong")["pong_frame"], b"are you there")
    guest.socket.frame(8, b"\x03\xe8")
    guest.socket.closes(1000)


@chapter
def a_command_in_pieces_is_one_command():
    ana = inside(make_room(True))
    ana.socket.frame(1, b'{"cmd":"time","id":77,', fin=False)
    ana.socket.frame(9, b"")
    ana.socket.frame(0, b'"data":{"t0":5}}')
    equal(ana.socket.until(lambda m: m.get("re") == 77, "reply")["ok"]["t0"], 5)


def patient_hello():
    """Who never says hello is sent away after five seconds."""
    socket = Guest(make_room()).browser.dial()
    began = time.monotonic()
    socket.closes(4006, 15)  # a busy machine is late, never early
    assert time.monotonic() - began > 4.5, "that was early"


def patient_ping():
    """The server asks at least every 25 seconds or so whether one still lives."""
    socket = Guest(make_room()).socket
    socket.until(lambda m: "ping" in m, "ping", 32)
    assert "ok" in socket.ask("time", {"t0": 1})


# Telling it


def tell(told):
    began = time.monotonic()
    try:
        told()
    except Exception as error:  # noqa: BLE001: whatever it is, the other chapters are told
        where = traceback.extract_tb(error.__traceback__)
        line = next(entry.lineno for entry in reversed(where) if entry.name == told.__name__)
        words = f"{type(error).__name__}: {error}" if not isinstance(error, AssertionError) else str(error)
        print(f"FAIL {told.__name__}: line {line}: {words}".replace("\n", " "), flush=True)
        return False
    print(f"ok {told.__name__} ({time.monotonic() - began:.2f} s)", flush=True)
    return True


def main():
    results = []
    patient = [threading.Thread(target=lambda told=told: results.append(tell(told))) for told in ([patient_hello, patient_ping] if PATIENT else [patient_hello])]
    for thread in patient:
        thread.start()
    only = [name for name in sys.argv[3:] if not name.startswith("--")]
    results += [tell(told) for told in chapters if not only or told.__name__ in only]
    for thread in patient:
        thread.join()
    sys.exit(0 if all(results) else 1)


main()
