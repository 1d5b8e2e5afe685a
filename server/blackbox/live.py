"""What people do inside: questions, interactions, hands, reactions, moderation, the waiting room."""

import json
import time

from house import Guest, chapter, equal, inside, make_room, owner, refused
from wire import Closed


def ok(reply):
    assert "ok" in reply, reply
    return reply["ok"]


def signalled(socket, name, fits, what):
    return socket.until(lambda m: m.get("signal") == name and fits(m["data"]), what)["data"]


# Questions


@chapter
def a_question_goes_its_way():
    room = make_room(True)
    ana, ben, sue, mo, max_ = inside(room), inside(room), inside(room, "speaker"), inside(room, "moderator"), inside(room, "moderator")
    asked = ok(ana.socket.write("question.ask", {"text": "When is lunch?"}))["id"]
    for staff in (sue, mo):
        told = staff.socket.event("question.asked")["data"]
        equal((told["id"], told["text"], told["participant"]), (asked, "When is lunch?", ana.participant))
    equal(ana.socket.event("me.question")["data"]["state"], "waiting", "its asker is told")
    refused(ben.socket.write("question.vote", {"id": asked}), "not_found")
    refused(ana.socket.write("question.publish", {"id": asked}), "forbidden")
    ok(mo.socket.write("question.claim", {"id": asked}))
    claimed = max_.socket.event("question.claimed")["data"]
    equal((claimed["participant"], claimed["on"]), (mo.participant, True))
    refused(max_.socket.write("question.claim", {"id": asked}), "conflict")
    ok(mo.socket.write("question.publish", {"id": asked}))
    seen = ben.socket.event("question.published")["data"]
    equal((seen["id"], seen["text"], seen["name"]), (asked, "When is lunch?", "Guest{} Example".format(ana.email.split("@")[0][5:])))
    for _ in range(2):
        equal(ok(ben.socket.write("question.vote", {"id": asked}))["votes"], 1, "one vote a person")
    equal(signalled(ana.socket, "question.votes", lambda d: asked in d["votes"], "its votes")["votes"][asked], 1)
    ok(mo.socket.write("question.answer", {"id": asked, "text": "At noon."}))
    for guest in (ana, ben):
        equal(guest.socket.event("question.answered")["data"]["text"], "At noon.")
    refused(ben.socket.write("question.vote", {"id": asked}), "closed")
    ben.socket.none("question.asked", "question.claimed")
    page = ok(ben.socket.ask("question.page", {"state": "answered"}))["items"]
    equal([(q["id"], q["state"]) for q in page], [(asked, "answered")])


@chapter
def an_anonymous_question_names_nobody_and_its_dismissal_is_told_to_its_asker():
    room = make_room(True)
    ana, ben, mo = inside(room), inside(room), inside(room, "moderator")
    asked = ok(ana.socket.write("question.ask", {"text": "Who pays?", "anonymous": True}))["id"]
    told = mo.socket.event("question.asked")
    assert ana.participant not in json.dumps(told) and ana.email not in json.dumps(told), told
    ok(mo.socket.write("question.dismiss", {"id": asked, "reason": "Off topic"}))
    fate = ana.socket.until(lambda m: m.get("event") == "me.question" and m["data"]["state"] == "dismissed", "its fate")["data"]
    equal((fate["id"], fate["reason"]), (asked, "Off topic"))
    ben.socket.none("question.dismissed", "question.asked", "me.question")


# Interactions


def start(mo, **form):
    made = ok(mo.socket.write("interaction.create", form))["id"]
    ok(mo.socket.write("interaction.launch", {"id": made}))
    return made


@chapter
def a_choice_counts_everybody_once_and_exactly():
    room = make_room(True)
    mo, guests = inside(room, "moderator"), [inside(room) for _ in range(6)]
    refused(guests[0].socket.write("interaction.create", {"kind": "choice", "question": "Tea?", "options": ["Yes", "No"]}), "forbidden")
    made = start(mo, kind="choice", question="Tea?", options=["Yes", "No"], results="closed")
    for n, guest in enumerate(guests):
        launched = guest.socket.event("interaction.launched")["data"]
        equal((launched["id"], launched["options"]), (made, ["Yes", "No"]))
        ok(guest.socket.write("interaction.answer", {"id": made, "choices": [n % 2]}))
    ok(guests[0].socket.write("interaction.answer", {"id": made, "choices": [1]}))  # another mind until the close
    late = inside(room)
    running = [one for one in late.entry["snapshot"]["interactions"]["items"] if one["id"] == made]
    equal([one["state"] for one in running], ["running"], "who comes late sees it")
    for bad in ({"choices": [2]}, {"choices": [0, 1]}, {"choices": [-1]}, {"choices": "0"}, {"words": ["x"]}, {}):
        refused(late.socket.write("interaction.answer", {"id": made, **bad}), "invalid")
    ok(mo.socket.write("interaction.close", {"id": made}))
    for guest in [*guests, late]:
        outcome = guest.socket.event("interaction.closed")["data"]["outcome"]
        equal((outcome["answers"], outcome["counts"]), (6, [2, 4]))
    refused(late.socket.write("interaction.answer", {"id": made, "choices": [0]}), "closed")


@chapter
def anonymous_answers_are_final_and_few_are_not_counted_aloud():
    room = make_room(True)
    mo, guests = inside(room, "moderator"), [inside(room) for _ in range(4)]
    made = start(mo, kind="choice", question="Happy?", options=["Yes", "No"], anonymous=True, results="live")
    tab = guests[0].browser.dial()
    tab.hello(room)
    ok(guests[0].socket.write("interaction.answer", {"id": made, "choices": [0]}))
    refused(tab.write("interaction.answer", {"id": made, "choices": [1]}), "conflict")
    for guest in guests[1:]:
        ok(guest.socket.write("interaction.answer", {"id": made, "choices": [1]}))
    for socket in (mo.socket, guests[1].socket):
        time.sleep(1.2)  # a tally at most
        for tally in [m for frame in socket.frames for m in frame if m.get("signal") == "interaction.tally"]:
            assert all(not any(item.get("counts") or []) for item in tally["data"]["items"] if item["id"] == made), tally
    ok(mo.socket.write("interaction.close", {"id": made}))
    outcome = mo.socket.event("interaction.closed")["data"]["outcome"]
    equal((outcome["answers"], outcome["counts"]), (4, [1, 3]), "exact at the close")
    refused(mo.socket.ask("interaction.answers", {"id": made}), "conflict")


@chapter
def every_kind_of_interaction_is_answered_in_its_way():
    room = make_room(True)
    ana, mo = inside(room), inside(room, "moderator")
    for form, answer in (
        ({"kind": "multi", "options": ["A", "B", "C"], "most": 2}, {"choices": [0, 2]}),
        ({"kind": "rating", "scale": 5}, {"choices": [4]}),
        ({"kind": "wordcloud", "most": 2}, {"words": ["calm", "fast"]}),
        ({"kind": "open"}, {"text": "By bicycle"}),
        ({"kind": "quiz", "options": ["3", "4"], "correct": 1, "points": 10}, {"choices": [1]}),
        ({"kind": "crowd"}, {"choices": [0]}),
    ):
        made = start(mo, question=f"A {form['kind']}?", **form)
        launched = ana.socket.event("interaction.launched")["data"]
        assert "correct" not in launched, "the right option is told to nobody before the close"
        ok(ana.socket.write("interaction.answer", {"id": made, **answer}))
        ok(mo.socket.write("interaction.close", {"id": made}))
        equal(mo.socket.event("interaction.closed")["data"]["outcome"]["answers"], 1, form["kind"])
    refused(mo.socket.write("interaction.create", {"kind": "lottery", "question": "?"}), "invalid")


# Hands, reactions


@chapter
def hands_are_seen_by_staff_in_the_order_of_raising():
    room = make_room(True)
    guests, mo = [inside(room) for _ in range(3)], inside(room, "moderator")
    for guest in (guests[1], guests[0], guests[2]):
        ok(guest.socket.write("hand.raise", {}))
    equal([mo.socket.event("hand.raised")["data"]["participant"] for _ in guests], [guests[n].participant for n in (1, 0, 2)])
    equal([hand["participant"] for hand in inside(room, "moderator").entry["snapshot"]["hands"]["items"]], [guests[n].participant for n in (1, 0, 2)])
    guests[0].socket.none("hand.raised")
    refused(guests[0].socket.write("hand.lower", {"participant": guests[1].participant}), "forbidden")
    ok(mo.socket.write("hand.lower", {"participant": guests[1].participant, "reason": "Later, please"}))
    down = guests[1].socket.until(lambda m: m.get("event") == "me.hand" and m["data"]["at"] == 0, "one's own hand going down")["data"]
    equal((down["why"], down["reason"]), ("declined", "Later, please"))
    ok(mo.socket.write("hand.clear", {}))
    for guest in guests:
        equal(guest.socket.event("hands.cleared")["data"]["participant"], mo.participant)


@chapter
def reactions_come_as_sums():
    room = make_room(True)
    ana, ben = inside(room), inside(room)
    for guest in (ana, ben):
        ok(guest.socket.ask("reaction.send", {"emoji": "👏"}))
    heard = 0
    while heard < 2:
        heard += signalled(ana.socket, "reactions", lambda d: "👏" in d["counts"], "clapping")["counts"]["👏"]
    equal(heard, 2)
    refused(ana.socket.ask("reaction.send", {"emoji": "🧨"}), "invalid")


# Moderation


@chapter
def who_is_muted_writes_nothing_until_the_mute_is_taken_back():
    room = make_room(True)
    ana, mo = inside(room), inside(room, "moderator")
    ok(mo.socket.write("participant.mute", {"participant": ana.participant, "reason": "Too loud"}))
    refused(ana.socket.write("chat.post", {"text": "But"}), "muted")
    refused(ana.socket.write("participant.mute", {"participant": mo.participant}), "forbidden")
    ok(mo.socket.write("participant.unmute", {"participant": ana.participant}))
    ana.post("Thank you")


@chapter
def who_is_removed_or_banned_is_out_at_once_and_a_ban_can_be_undone():
    room = make_room(True)
    ana, ben, mo = inside(room), inside(room), inside(room, "moderator")
    ok(mo.socket.write("participant.remove", {"participant": ana.participant}))
    ana.socket.closes(4506)
    ok(mo.socket.write("participant.ban", {"participant": ben.participant, "reason": "Spam"}))
    ben.socket.closes(4507)
    assert "err" in ben.dial().greeting, ben.greeting
    refused(ben.greeting, "banned")
    measures = ok(mo.socket.ask("moderation.page", {}))["measures"]
    equal({(one["kind"], one["participant"]) for one in measures}, {("removed", ana.participant), ("banned", ben.participant)})
    ok(mo.socket.write("participant.unban", {"participant": ben.participant}))
    equal(ben.browser.open(ben.invitation["url"]).status, 200)
    assert "ok" in ben.dial().greeting, ben.greeting
    refused(mo.socket.write("participant.ban", {"participant": mo.participant}), "forbidden")


@chapter
def slow_mode_the_closed_chat_and_unwelcome_words():
    room = make_room(True)
    ana, mo = inside(room), inside(room, "moderator")
    ok(mo.socket.write("room.settings", {"slow_mode_s": 60}))
    ana.post("First")
    assert refused(ana.socket.write("chat.post", {"text": "Second"}), "slow_down")["retry_ms"] > 1000
    mo.post("Staff may")
    ok(mo.socket.write("room.settings", {"slow_mode_s": 0, "filter": {"words": ["drat"]}}))
    ana.post("Drat it")
    heard = mo.socket.until(lambda m: m.get("event") == "chat.posted" and m["data"]["participant"] == ana.participant and "it" in m["data"]["text"], "the masked word")
    assert "rat" not in heard["data"]["text"].lower(), heard
    told = ana.socket.event("room.settings")["data"]
    assert "filter" not in told, "viewers are not told the words"
    ok(mo.socket.write("room.settings", {"chat": False}))
    refused(ana.socket.write("chat.post", {"text": "Anyone?"}), "closed")
    refused(mo.socket.write("room.settings", {"slow_mode_s": -1}), "invalid")


@chapter
def a_locked_room_lets_in_whom_a_moderator_admits():
    room = make_room(True)
    mo, max_ = inside(room, "moderator"), inside(room, "moderator")
    ok(mo.socket.write("room.settings", {"locked": True}))
    knockers = [Guest(room) for _ in range(3)]
    for one in knockers:
        equal(ok(one.check())["phase"], "waiting")
        for staff in (mo, max_):
            equal(staff.socket.event("knocked")["data"]["participant"], one.participant)
        refused(one.socket.write("chat.post", {"text": "Hello?"}), "forbidden")
    ok(mo.socket.write("admit.grant", {"participants": [knockers[0].participant]}))
    equal(knockers[0].socket.until(lambda m: m.get("event") == "phase.changed" and m["data"]["phase"] == "live", "the way in")["data"]["you"]["participant"], knockers[0].participant)
    refused(max_.socket.write("admit.deny", {"participants": [knockers[0].participant]}), "conflict")
    equal(max_.socket.event("admitted")["data"]["participant"], mo.participant)
    ok(max_.socket.write("admit.deny", {"participants": [knockers[1].participant], "reason": "Another day"}))
    equal(knockers[1].socket.event("me.removed")["data"], {"denied": True, "reason": "Another day"})
    knockers[1].socket.closes(4506)
    ok(mo.socket.write("room.settings", {"locked": False}))
    knockers[2].socket.until(lambda m: m.get("event") == "phase.changed" and m["data"]["phase"] == "live", "the way in")


@chapter
def late_comers_find_the_pin_and_the_announcement_and_a_stage_needs_an_allowed_origin():
    room = make_room(True)
    ana, mo = inside(room), inside(room, "moderator")
    said = ana.post("Slides are at example.org")
    ok(mo.socket.write("pin.set", {"id": said["id"]}))
    ok(mo.socket.write("announcement.post", {"text": "A break until ten."}))
    equal(ana.socket.event("pinned")["data"]["id"], said["id"])
    equal(ana.socket.event("announced")["data"]["text"], "A break until ten.")
    late = inside(room).entry["snapshot"]
    equal((late["pin"]["id"], [a["text"] for a in late["announcements"]]), (said["id"], ["A break until ten."]))
    refused(mo.socket.write("stage.source", {"url": "https://not-allowed.example/embed"}), "invalid")
    refused(ana.socket.write("stage.source", {"none": True}), "forbidden")


@chapter
def a_viewer_learns_nothing_of_what_staff_do_among_themselves():
    def session(chatter):
        room = make_room(True)
        ana, sue, mo = inside(room), inside(room, "speaker"), inside(room, "moderator")
        ana.socket.inbox.clear()
        for n in range(3):
            ana.post(f"Said {n}")
            if chatter:
                ok(sue.socket.write("backchannel.post", {"text": "Between us"}))
                ok(mo.socket.write("interaction.create", {"kind": "crowd", "question": "A draft?"}))
                ok(mo.socket.write("announcement.post", {"text": "Staff, please", "to": "staff"}))
                ok(mo.socket.write("room.settings", {"filter": {"words": [f"word{n}"]}}))
        for _ in range(3):
            ana.socket.event("chat.posted")
        ok(ana.socket.ask("time", {"t0": 1}))
        return [m["event"] for m in ana.socket.inbox if "event" in m and m["event"] != "stage.changed"]

    equal(session(True), session(False))


@chapter
def commands_of_the_demoted_and_ids_of_other_rooms_do_nothing():
    room, other = make_room(True), make_room(True)
    ana, mo, far = inside(room, "moderator"), inside(room, "moderator"), inside(other, "moderator")
    there = start(far, kind="choice", question="Here?", options=["Yes", "No"])
    question = ok(far.socket.write("question.ask", {"text": "Elsewhere?"}))["id"]
    for cmd, data in (
        ("interaction.answer", {"id": "none-of-ours", "choices": [0]}),
        ("question.answer", {"id": "none-of-ours", "live": True}),
        ("role.set", {"participant": far.participant, "role": "viewer"}),
        ("participant.ban", {"participant": far.participant}),
        ("hand.lower", {"participant": far.participant}),
    ):
        refused(mo.socket.write(cmd, data), "not_found")
    assert there and question
    equal(owner.call("PATCH", f"/api/v1/rooms/{room}/invitations/{ana.invitation['id']}", {"type": "viewer"}).status, 200)
    for cmd, data in (
        ("room.settings", {"locked": True}),
        ("participant.mute", {"participant": mo.participant}),
        ("interaction.create", {"kind": "crowd", "question": "?"}),
        ("backchannel.post", {"text": "Still here"}),
        ("hand.clear", {}),
        ("moderation.page", {}),
    ):
        refused(ana.socket.write(cmd, data), "forbidden")
    try:
        far.socket.none("role.set", "me.role")
    except Closed as closed:
        raise AssertionError(f"somebody of another room was closed with {closed.code}") from None
