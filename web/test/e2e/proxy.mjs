// The network of one person, as an HTTP proxy between browser and server: it can be cut, and it can fall silent
// as it does when a lid closes. Chromium's own offline switch leaves open sockets alone.

import { createServer, request } from "node:http";
import { connect } from "node:net";

export async function makeProxy() {
  const sockets = new Set();
  let cut = false;
  let lost; // the path whose answers do not arrive
  let silent = new Set(); // sockets of before the silence: they stay open and carry nothing
  const keep = (socket) => {
    if (sockets.has(socket)) return; // kept alive for another request
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const proxy = createServer((incoming, answer) => {
    const onward = request(incoming.url, { method: incoming.method, headers: incoming.headers }, (came) => {
      if (lost && incoming.url.endsWith(lost)) return answer.destroy();
      answer.writeHead(came.statusCode, came.rawHeaders);
      came.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    onward.on("socket", keep);
    incoming.pipe(onward);
  });
  proxy.on("connection", (socket) => {
    keep(socket);
    if (cut) socket.destroy();
  });
  proxy.on("connect", ({ url }, client, head) => {
    const { hostname, port } = new URL(`http://${url}`);
    const server = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      server.write(head);
    });
    keep(server);
    carry(client, server);
    carry(server, client);
  });
  const carry = (from, to) => {
    from.on("data", (data) => silent.has(from) || to.write(data));
    from.on("close", () => silent.has(from) || to.destroy());
  };
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    /** No connection lives, and none can be made. */
    cut() {
      cut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      cut = false;
    },
    /** Requests to this path arrive and take effect; their answers are lost on the way. */
    loseAnswersOf(path) {
      lost = path;
    },
    /** Connections stay as they are and carry nothing any more; new ones work. */
    silence() {
      silent = new Set(sockets);
    },
    close() {
      this.cut();
      proxy.close();
    },
  };
}
