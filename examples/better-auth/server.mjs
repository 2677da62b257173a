// better-auth with its SSO plugin, in memory, on a free loopback port. Prints one JSON line: the base URL and the
// variables that better-auth.toml asks for. Takes the origins of identity providers that
// may be on loopback as arguments (better-auth refuses private hosts that nobody trusts).
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { organization } from "better-auth/plugins";
import { sso } from "@better-auth/sso";

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const tables = ["user", "session", "account", "verification", "organization", "member", "invitation", "ssoProvider"];
const auth = betterAuth({
  baseURL: origin,
  secret: randomBytes(32).toString("hex"),
  database: memoryAdapter(Object.fromEntries(tables.map((table) => [table, []]))),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  trustedOrigins: [origin, ...process.argv.slice(2)],
  plugins: [organization(), sso({ providersLimit: 1_000_000 })],
});
const handle = toNodeHandler(auth);
// The adapter throws at a method that fetch's Request refuses (TRACE), which would end the process and the check with it.
server.on("request", async (request, response) => {
  try {
    await handle(request, response);
  } catch {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
});

async function post(path, body, cookie) {
  const headers = { origin, "content-type": "application/json", ...(cookie && { cookie }) };
  const answer = await fetch(`${origin}/api/auth${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

// An administrator with a session, and an organization of their own.
async function customer(name) {
  const password = randomBytes(12).toString("hex");
  const signedUp = await post("/sign-up/email", { name, email: `admin@${name}.example`, password });
  const session_cookie = signedUp.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  const made = await post("/organization/create", { name, slug: name }, session_cookie);
  return { organization_id: (await made.json()).id, session_cookie };
}

const orgs = [await customer("first"), await customer("second")];
console.log(JSON.stringify({ base_url: `${origin}/api/auth`, origin, orgs }));
