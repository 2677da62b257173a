// One issuer: its addresses, its failure, what it serves, and its journal.

import { call, failures, issuerPath } from "./api.js";
import { copyButton, h, stateBadge, visible } from "./dom.js";
import { documentCard, headersCard } from "./document.js";
import { failureCard } from "./failure.js";
import { journal } from "./journal.js";
import { dropped } from "./list.js";

const EVERY = 3000;

/** The page. */
export async function issuerPage(name, { ground, signal }) {
  const path = issuerPath(name);
  const [issuer, modes] = await Promise.all([call("GET", path, { signal }), failures()]);
  const state = h("span", { class: "state" });
  const credentials = h("div");
  const shared = { issuer, change, signal };
  const failing = failureCard(modes, shared);
  const served = [documentCard(shared), headersCard(shared)];
  let before = "";

  function show(now) {
    if (JSON.stringify(now) === before) return;
    before = JSON.stringify(now);
    shared.issuer = now;
    state.replaceChildren(stateBadge(now), now.raw ? h("span", { class: "badge open" }, "raw bytes") : "");
    if (now.default_client) credentials.replaceChildren(clientRows(now.default_client));
    for (const card of [failing, ...served]) card.show(now);
  }

  // One change after the other, so that what is shown is what the last one left; a look that began before it is stale.
  let changes = 0;
  let last = Promise.resolve();
  function change(wish) {
    changes += 1;
    const mine = last.then(() => call("PATCH", path, { body: wish })).then(show);
    last = mine.catch(() => {});
    return mine;
  }

  async function look() {
    const began = changes;
    const now = await call("GET", path, { signal });
    if (began === changes) show(now);
  }

  ground.append(
    h("p", { class: "back" }, h("a", { href: "#/" }, "← Issuers")),
    h("div", { class: "head" }, h("h1", { tabindex: "-1" }, visible(issuer.name)), state, h("span", { class: "grow" }),
      h("button", { type: "button", onclick: () => dropped(issuer.name, async () => { location.hash = "#/"; }) }, "Drop issuer")),
    h("div", { class: "columns" },
      h("div", { class: "column" },
        h("section", { class: "card", "aria-labelledby": "addresses" },
          h("h2", { id: "addresses" }, "Addresses"),
          line("Issuer URL", issuer.url),
          line("Discovery URL", issuer.discovery_url),
          credentials),
        failing.element),
      h("div", { class: "column wide" }, journal({ stream: `${path}/events`, clear: `${path}/journal`, signal })),
      h("div", { class: "column" }, served.map((card) => card.element))));
  show(issuer);
  if (!issuer.default_client) {
    // Where there is a provider behind the issuer, it knows a client; where there is none, nothing is missing.
    call("GET", `${path}/provider`, { signal }).then((provider) => { if (provider.default_client) credentials.replaceChildren(clientRows(provider.default_client)); }, () => {});
  }
  const timer = setInterval(() => { if (!document.hidden) look().catch(() => {}); }, EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function line(label, text) {
  return h("div", { class: "line" }, h("span", { class: "label" }, label), h("div", { class: "address" }, h("code", {}, visible(text)), copyButton(text, label)));
}

function clientRows(client) {
  const secret = h("code", {}, "••••••••");
  const toggle = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick: () => {
    const open = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(open));
    secret.textContent = open ? visible(client.client_secret) : "••••••••";
  } }, "Show");
  return h("div", {},
    line("Client id", client.client_id ?? ""),
    client.client_secret ? h("div", { class: "line" }, h("span", { class: "label" }, "Client secret"), h("div", { class: "address" }, secret, toggle, copyButton(client.client_secret, "Client secret"))) : "");
}
