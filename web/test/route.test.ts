import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPath, routeOf } from "../src/route.ts";

const at = (path: string) => routeOf(new URL(path, "https://rooms.example"));

test("each page has its address", () => {
  assert.deepEqual(at("/"), { page: "home" });
  assert.deepEqual(at("/signin#s3"), { page: "signin", secret: "s3", next: "/rooms", provider: undefined });
  assert.deepEqual(at("/signin?provider=done"), { page: "signin", secret: undefined, next: "/rooms", provider: "done" });
  assert.deepEqual(at("/account"), { page: "account" });
  assert.deepEqual(at("/setup"), { page: "setup", secret: undefined });
  assert.deepEqual(at("/rooms"), { page: "rooms" });
  assert.deepEqual(at("/rooms/new"), { page: "new" });
  assert.deepEqual(at("/rooms/r1?edit"), { page: "manage", room: "r1", edit: true });
  assert.deepEqual(at("/i/abc#secret"), { page: "open", invitation: "abc", secret: "secret" });
  assert.deepEqual(at("/r/r1"), { page: "room", room: "r1" });
  assert.deepEqual(at("/r/r1/x"), { page: "lost" });
  assert.deepEqual(at("/nothing"), { page: "lost" });
});

test("signing in leads back to our own pages only", () => {
  assert.equal(ownPath("/r/abc"), "/r/abc");
  for (const foreign of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", null]) {
    assert.equal(ownPath(foreign), "/rooms", String(foreign));
  }
});

test("a broken escape is no reason to fall over", () => {
  assert.deepEqual(at("/r/%E0%A4%A"), { page: "room", room: "%E0%A4%A" });
});
