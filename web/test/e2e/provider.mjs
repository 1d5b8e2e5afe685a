// An OpenID provider with a real key, on localhost: to Chromium that is another site than the server's 127.0.0.1.
// Its person is signed in there already, so it comes straight back.

import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

export const client = { id: "greenroom", secret: "provider-secret" };

const coded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export async function makeProvider() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map();
  const provider = { person: { sub: "1" } };
  const token = (nonce) => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: provider.url, aud: client.id, iat: now, exp: now + 60, nonce, ...provider.person };
    const signed = `${coded({ alg: "RS256", kid: "1" })}.${coded(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
  };
  const pages = {
    "/.well-known/openid-configuration": () => ({
      issuer: provider.url, authorization_endpoint: `${provider.url}/authorize`, token_endpoint: `${provider.url}/token`, jwks_uri: `${provider.url}/keys`,
      response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/keys": () => ({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] }),
    "/token": (_, form) => {
      const granted = codes.get(form.get("code"));
      codes.delete(form.get("code"));
      const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
      return granted?.challenge === challenge ? { access_token: "access", token_type: "Bearer", id_token: token(granted.nonce) } : undefined;
    },
  };
  const server = createServer(async (request, answer) => {
    const url = new URL(request.url, provider.url);
    let body = "";
    for await (const part of request) body += part;
    if (url.pathname === "/authorize") {
      const code = randomUUID();
      codes.set(code, { nonce: url.searchParams.get("nonce"), challenge: url.searchParams.get("code_challenge") });
      const back = new URLSearchParams({ code, state: url.searchParams.get("state"), iss: provider.url });
      answer.writeHead(302, { Location: `${url.searchParams.get("redirect_uri")}?${back}` }).end();
      return;
    }
    const said = pages[url.pathname]?.(url, new URLSearchParams(body));
    answer.writeHead(said ? 200 : 400, { "Content-Type": "application/json" }).end(JSON.stringify(said ?? { error: "invalid_grant" }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider.url = `http://localhost:${server.address().port}`;
  provider.close = () => server.close();
  return provider;
}
