"""A person with a browser, as small as it can be: HTTP with cookies, and WebSocket (RFC 6455) by hand."""

import base64
import hashlib
import http.client
import json
import os
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

PATIENCE = 5.0  # seconds for anything that should happen at once


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.raw = response.status, response.headers, response.read()
        self.cookies = response.headers.get_all("Set-Cookie") or []

    @property
    def body(self):
        return json.loads(self.raw) if self.raw else None


class Browser:
    """Keeps cookies and sends its Origin, as PROTOCOL §1 asks of clients that are no browsers. With a key: an API client."""

    def __init__(self, base, key=None):
        self.base, self.key, self.cookies = base, key, {}

    def call(self, method, path, body=None, raw=None, **headers):
        url = urlsplit(self.base)
        sent = {"Origin": self.base} if not self.key else {"Authorization": "Bearer " + self.key}
        if self.cookies:
            sent["Cookie"] = self.cookie_line()
        if body is not None or raw is not None:
            sent["Content-Type"] = "application/json"
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=PATIENCE)
        payload = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        connection.request(method, path, payload, {name: value for name, value in sent.items() if value is not None})
        answer = Answer(connection.getresponse())
        connection.close()
        for line in answer.cookies:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def cookie_line(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def open(self, url):
        """Follows an invitation link, as the page does."""
        path, _, secret = urlsplit(url)[2], None, urlsplit(url).fragment
        return self.call("POST", "/api/v1/invitations/open", {"invitation": path.split("/")[-1], "secret": secret})

    def dial(self, **headers):
        return Socket(self.base, {"Origin": self.base, "Cookie": self.cookie_line() or None, **headers})


class Refused(Exception):
    """The handshake was answered with something else than 101."""


class Closed(Exception):
    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}")
        self.code = code


class Socket:
    def __init__(self, base, headers, protocol="greenroom.v1"):
        url = urlsplit(base)
        nonce = base64.b64encode(os.urandom(16)).decode()
        lines = {"Host": url.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                 "Sec-WebSocket-Key": nonce, "Sec-WebSocket-Protocol": protocol, **headers}
        self.stream = socket.create_connection((url.hostname, url.port), PATIENCE)
        request = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value is not None)
        self.stream.sendall(f"GET /ws HTTP/1.1\r\n{request}\r\n".encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            more = self.stream.recv(4096)
            if not more:
                raise Refused("hung up")
            self.buffer += more
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = head.split(b"\r\n")[0].decode()
        if " 101 " not in status:
            raise Refused(status)
        accept = base64.b64encode(hashlib.sha1((nonce + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert b"sec-websocket-accept: " + accept.lower() in head.lower(), "the key of the handshake is answered wrongly"
        assert f"sec-websocket-protocol: {protocol}".encode() in head.lower(), "the subprotocol is not chosen"
        self.next_id, self.inbox, self.frames, self.lock = 1, [], [], threading.Lock()

    # Frames

    def frame(self, opcode, payload=b"", fin=True, masked=True, rsv=0):
        mask = os.urandom(4) if masked else b""
        size = len(payload)
        length = struct.pack("!B", size | (masked << 7)) if size < 126 else struct.pack("!BH", 126 | (masked << 7), size) if size < 1 << 16 else struct.pack("!BQ", 127 | (masked << 7), size)
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)) if masked else payload
        self.stream.sendall(struct.pack("!B", fin << 7 | rsv << 4 | opcode) + length + mask + body)

    def text(self, text):
        self.frame(1, text if isinstance(text, bytes) else text.encode())

    def _take(self, size):
        while len(self.buffer) < size:
            more = self.stream.recv(65536)
            if not more:
                raise Closed(1006, "without a close frame")
            self.buffer += more
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        assert first & 0x70 == 0 and second & 0x80 == 0, "reserved bits or a masked frame from the server"
        size = second & 127
        size = struct.unpack("!H", self._take(2))[0] if size == 126 else struct.unpack("!Q", self._take(8))[0] if size == 127 else size
        assert first & 0x80, "the server never fragments"
        assert size <= 64 << 10, f"a frame of {size} bytes"
        return first & 15, self._take(size)

    # Messages

    def read(self, patience=PATIENCE):
        """The messages of the next text frame. Raises Closed when the server closes."""
        self.stream.settimeout(patience)
        while True:
            opcode, payload = self._frame()
            if opcode == 8:
                code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                raise Closed(code, payload[2:].decode())
            if opcode == 10:
                return [{"pong_frame": payload}]
            assert opcode == 1, f"opcode {opcode}"
            messages = [json.loads(line) for line in payload.decode().split("\n")]
            for message in messages:
                if "ping" in message:
                    self.text(json.dumps({"pong": message["ping"]}))
            self.frames.append(messages)
            return messages

    def until(self, fits, what, patience=PATIENCE):
        """The first message that fits, of those that came and those to come. What was before it stays in the inbox."""
        deadline = time.monotonic() + patience
        for at, message in enumerate(self.inbox):
            if fits(message):
                return self.inbox.pop(at)
        while True:
            left = deadline - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                messages = self.read(left)
            except (TimeoutError, socket.timeout):
                raise AssertionError(f"no {what} within {patience} s; there was {json.dumps(self.inbox)[:600]}") from None
            found = next((message for message in messages if fits(message)), None)
            self.inbox += [message for message in messages if message is not found]
            if found is not None:
                return found

    def event(self, name, patience=PATIENCE):
        return self.until(lambda m: m.get("event") == name, f"event {name}", patience)

    def stage(self, participant):
        return self.until(lambda m: m.get("event") == "stage.changed" and m["data"]["participant"] == participant, "stage.changed")

    def signal(self, name, patience=PATIENCE):
        return self.until(lambda m: m.get("signal") == name, f"signal {name}", patience)

    def none(self, *names, patience=0.3):
        """Nothing of these names came, nor does in the next moment."""
        try:
            came = self.until(lambda m: m.get("event") in names, "", patience)
        except AssertionError:
            return
        raise AssertionError(f"unexpected {json.dumps(came)[:300]}")

    def send(self, cmd, data=None, key=None):
        message = {"cmd": cmd, "id": self.next_id, **({"key": key} if key else {}), **({"data": data} if data is not None else {})}
        self.next_id += 1
        self.text(json.dumps(message))
        return message["id"]

    def ask(self, cmd, data=None, key=None):
        """The reply: {"ok": …} or {"err": …}."""
        asked = self.send(cmd, data, key)
        return self.until(lambda m: m.get("re") == asked, f"reply to {cmd}")

    def write(self, cmd, data=None):
        return self.ask(cmd, data, new_key())

    def hello(self, room, **more):
        return self.ask("hello", {"room": room, "client": "blackbox/1.0", **more})

    def closes(self, code, patience=PATIENCE):
        """Reads on until the close frame, which must have this code."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self.inbox += self.read(max(0.01, deadline - time.monotonic()))
            except Closed as closed:
                assert closed.code == code, f"closed with {closed.code}, expected {code}"
                self.stream.close()
                return
            except (TimeoutError, socket.timeout):
                raise AssertionError(f"not closed within {patience} s, expected {code}") from None
            except ConnectionError as error:
                raise AssertionError(f"{error}, expected a close frame with {code}") from None

    def hang_up(self):
        self.stream.close()


def new_key():
    return base64.urlsafe_b64encode(os.urandom(16)).decode()[:22]
