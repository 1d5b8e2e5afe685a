// The server's half of RFC 6455, as little of it as a test needs: text frames, close, no fragments.

import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Accepts an upgrade and returns {send, close, onText, onClose}. */
export function accept(request, socket) {
  const key = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: ${request.headers["sec-websocket-protocol"]}\r\n\r\n`,
  );
  const peer = { onText: () => {}, onClose: () => {} };
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let frame = parse(buffer); frame; frame = parse(buffer)) {
      buffer = buffer.subarray(frame.length);
      if (frame.opcode === 1) peer.onText(frame.payload.toString());
      if (frame.opcode === 8) socket.end();
    }
  });
  socket.on("close", () => peer.onClose());
  socket.on("error", () => {});
  peer.send = (text) => socket.writable && socket.write(build(1, Buffer.from(text)));
  peer.close = (code) => {
    const body = Buffer.alloc(2);
    body.writeUInt16BE(code);
    if (socket.writable) socket.end(build(8, body));
  };
  peer.drop = () => socket.destroy();
  return peer;
}

function parse(buffer) {
  if (buffer.length < 2) return undefined;
  let size = buffer[1] & 0x7f;
  let at = 2;
  if (size === 126) {
    if (buffer.length < 4) return undefined;
    size = buffer.readUInt16BE(2);
    at = 4;
  }
  const masked = (buffer[1] & 0x80) !== 0;
  const end = at + (masked ? 4 : 0) + size;
  if (buffer.length < end) return undefined;
  const payload = Buffer.from(buffer.subarray(end - size, end));
  if (masked) for (let i = 0; i < size; i++) payload[i] ^= buffer[at + (i % 4)];
  return { opcode: buffer[0] & 0x0f, payload, length: end };
}

function build(opcode, payload) {
  const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : Buffer.alloc(payload.length < 65536 ? 4 : 10);
  if (payload.length >= 126) {
    head[0] = 0x80 | opcode;
    head[1] = payload.length < 65536 ? 126 : 127;
    if (payload.length < 65536) head.writeUInt16BE(payload.length, 2);
    else head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}
