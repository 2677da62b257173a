// All issuers: find, make and drop.

import { call, failures, issuerPath } from "./api.js";
import { attempt, confirmed, copyButton, fresh, h, stateBadge, tell, visible } from "./dom.js";

const SHOWN = 200;
const EVERY = 2000;

/** The page. */
export async function listPage({ ground, signal }) {
  const rows = h("tbody");
  const counted = h("p", { class: "muted counted", role: "status" });
  const search = h("input", { type: "search", id: "search", placeholder: "Name or URL", autocomplete: "off", spellcheck: "false", oninput: () => refresh() });
  const table = h("table", { class: "issuers" },
    h("caption", { class: "unseen" }, "Issuers"),
    h("thead", {}, h("tr", {}, ["Issuer", "Discovery URL", "State", "Requests"].map((text) => h("th", { scope: "col" }, text)), h("th", { scope: "col" }, h("span", { class: "unseen" }, "Actions")))),
    rows);
  const empty = h("div", { class: "empty card", hidden: true }, h("p", {}, "No issuer here yet."), h("p", { class: "muted" }, "Make one, and give its URL to whatever reads discovery documents."));
  const none = h("p", { class: "empty card muted", hidden: true }, "No issuer has that in its name or URL.");
  let before = "";

  async function refresh() {
    const query = new URLSearchParams({ limit: String(SHOWN), search: search.value });
    const listed = await call("GET", `issuers?${query}`, { signal });
    const now = JSON.stringify(listed.issuers.map((issuer) => [issuer.url, issuer.name, issuer.discovery_url, issuer.failure, issuer.requests]));
    if (now !== before) {
      before = now;
      render(rows, listed.issuers, refresh);
    }
    const strays = listed.strays === 1 ? "1 stray request" : `${listed.strays} stray requests`;
    const many = listed.total === 1 ? "1 issuer" : `${listed.total} issuers`;
    const said = `${listed.total > listed.issuers.length ? `The first ${listed.issuers.length} of ${many}` : many}, ${strays}`;
    if (counted.textContent !== said) counted.textContent = said;
    table.hidden = listed.total === 0;
    empty.hidden = listed.total !== 0 || search.value !== "";
    none.hidden = listed.total !== 0 || search.value === "";
  }

  await refresh();
  const maker = await makerDialog();
  ground.append(
    h("div", { class: "head" },
      h("h1", { tabindex: "-1" }, "Issuers"),
      h("button", { type: "button", class: "primary", onclick: () => maker.showModal() }, "New issuer")),
    h("div", { class: "find" }, h("label", { for: "search", class: "unseen" }, "Find issuers"), search, counted),
    table, empty, none, maker);
  const timer = setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function render(rows, issuers, refresh) {
  // A new table must not take the keyboard's place away.
  const held = document.activeElement?.closest?.("tbody") === rows ? document.activeElement.dataset.key : null;
  rows.replaceChildren(...issuers.map((issuer) => row(issuer, refresh)));
  if (held) rows.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

function row(issuer, refresh) {
  const keyed = (element, key) => { element.dataset.key = `${issuer.name}/${key}`; return element; };
  const address = (text, what) => h("div", { class: "address" }, h("code", {}, visible(text)), keyed(copyButton(text, `${what} of ${issuer.name}`), what));
  const drop = h("button", { type: "button", class: "small", "aria-label": `Drop ${issuer.name}`, onclick: () => dropped(issuer.name, refresh) }, "Drop");
  return h("tr", {},
    h("th", { scope: "row" },
      keyed(h("a", { href: `#/${issuerPath(issuer.name)}` }, visible(issuer.name)), "open"),
      address(issuer.url, "issuer URL")),
    h("td", { "data-label": "Discovery URL" }, address(issuer.discovery_url, "discovery URL")),
    h("td", { "data-label": "State" }, stateBadge(issuer)),
    h("td", { class: "number", "data-label": "Requests" }, String(issuer.requests)),
    h("td", { class: "last" }, keyed(drop, "drop")));
}

/** Ask, then drop an issuer. */
export async function dropped(name, after) {
  if (!await confirmed(`Drop ${name}?`, "Its path is free again and its journal is gone. What asks for it from then on is a stray.", "Drop")) return;
  await attempt(async () => { await call("DELETE", issuerPath(name)); await after(); }, `Dropped ${name}`);
}

/** A select of failures, by group. */
export function failureOptions(modes) {
  const groups = new Map();
  for (const mode of modes) groups.set(mode.group, [...(groups.get(mode.group) ?? []), mode]);
  return [...groups].map(([group, members]) => h("optgroup", { label: group }, members.map((mode) => h("option", { value: mode.id }, visible(mode.id)))));
}

async function makerDialog() {
  const modes = await failures();
  const [name, path, failure] = [fresh("name"), fresh("path"), fresh("failure")];
  const about = h("p", { class: "muted", "aria-live": "polite" });
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const field = (id, label, hint, control) => h("div", { class: "field" }, h("label", { for: id }, label), control, h("p", { class: "hint", id: `${id}-hint` }, hint));
  const text = (id, key, placeholder) => h("input", { id, name: key, placeholder, autocomplete: "off", spellcheck: "false", autocapitalize: "off", "aria-describedby": `${id}-hint` });
  const select = h("select", { id: failure, name: "failure", onchange: () => {
    about.textContent = visible(modes.find((mode) => mode.id === select.value)?.statement ?? "");
  } }, h("option", { value: "" }, "None: it works"), failureOptions(modes));
  const check = (key, label) => h("label", { class: "check" }, h("input", { type: "checkbox", name: key }), label);
  const form = h("form", { class: "maker", onsubmit: submit },
    h("h2", { id: "maker-title" }, "New issuer"),
    problem,
    field(name, "Name", "Letters, digits and . _ ~ -; made up where none is given.", text(name, "name", "acme")),
    field(path, "Path", "Part of the issuer's URL; / and the name where none is given.", text(path, "path", "/acme")),
    check("trailing_slash", "The issuer ends in a slash"),
    check("own_port", "It listens on a port of its own"),
    h("div", { class: "field" }, h("label", { for: failure }, "Failure"), select, about),
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), h("button", { class: "primary" }, "Make issuer")));
  const dialog = h("dialog", { "aria-labelledby": "maker-title", onclose: () => { form.reset(); problem.hidden = true; about.textContent = ""; } }, form);

  async function submit(event) {
    event.preventDefault();
    const given = new FormData(form);
    const wish = { trailing_slash: given.has("trailing_slash"), own_port: given.has("own_port") };
    for (const key of ["name", "path", "failure"]) if (given.get(key)) wish[key] = given.get(key);
    try {
      const made = await call("POST", "issuers", { body: wish });
      dialog.close();
      tell(`Made ${made.name}`);
      location.hash = `#/${issuerPath(made.name)}`;
    } catch (error) {
      problem.textContent = visible(error.message);
      problem.hidden = false;
    }
  }
  return dialog;
}
