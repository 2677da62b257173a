// What an issuer serves: members one by one, the whole document, raw bytes; and headers.

import { attempt, breakable, fresh, h, tell } from "./dom.js";

/** JSON, or else plain text, which then is a string. */
function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const written = (value) => (typeof value === "string" && valueOf(value) === value && value !== "" ? value : JSON.stringify(value));

function base64(text) {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The document's card. */
export function documentCard(shared) {
  const mode = fresh("mode");
  const members = membersPanel(shared);
  const whole = wholePanel(shared);
  const raw = rawPanel(shared);
  const panels = { Members: members, Whole: whole, "Raw bytes": raw };
  const choose = (name) => { for (const [each, panel] of Object.entries(panels)) panel.element.hidden = each !== name; };
  const segments = Object.keys(panels).map((name, index) => h("label", {}, h("input", { type: "radio", name: mode, value: name, checked: index === 0, onchange: () => choose(name) }), h("span", {}, name)));
  const reset = h("button", { type: "button", class: "small", onclick: () => attempt(() => shared.change({ document: { reset: true } }), "Its own document again") }, "Reset");
  choose("Members");
  return {
    element: h("section", { class: "card", "aria-labelledby": "document" },
      h("div", { class: "head" }, h("h2", { id: "document" }, "Document"), h("span", { class: "grow" }), reset),
      h("fieldset", { class: "segments" }, h("legend", { class: "unseen" }, "Change the document by"), segments),
      Object.values(panels).map((panel) => panel.element)),
    show: (issuer) => { for (const panel of Object.values(panels)) panel.show(issuer); },
  };
}

function membersPanel(shared) {
  const list = h("ul", { class: "members" });
  let rows = new Map();
  const notice = h("p", { class: "notice", hidden: true }, "Raw bytes are served, which have no members. Reset the document to change members again.");
  const name = h("input", { "aria-label": "New member's name", placeholder: "member", required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const value = h("textarea", { rows: "1", "aria-label": "New member's value", placeholder: "value", spellcheck: "false", onkeydown: enter });
  const adding = h("form", { class: "member new", onsubmit: async (event) => {
    event.preventDefault();
    const told = { [name.value]: valueOf(value.value) };
    if (await attempt(() => shared.change({ document: { set: told } }), `Set ${name.value}`)) adding.reset();
    name.focus();
  } }, name, value, h("button", { class: "small" }, "Add"));

  function show(issuer) {
    notice.hidden = !issuer.raw;
    adding.hidden = list.hidden = issuer.raw;
    const held = list.contains(document.activeElement) ? document.activeElement : null;
    const kept = held && [held.closest("li").dataset.name, held.dataset.part];
    rows = new Map((issuer.raw ? [] : Object.entries(issuer.document ?? {})).map(([key, told]) => {
      // A row whose value is the same stays as it is, with what somebody is writing in it.
      const json = JSON.stringify(told);
      const same = rows.get(key);
      return [key, same?.json === json ? same : { json, element: item(key, told, shared, list) }];
    }));
    const wanted = [...rows.values()].map(({ element }) => element);
    for (const row of [...list.children]) if (!wanted.includes(row)) row.remove();
    wanted.forEach((row, index) => { if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null); });
    if (kept && !held.isConnected) rows.get(kept[0])?.element.querySelector(`[data-part="${kept[1]}"]`)?.focus();
  }

  return { element: h("div", {}, notice, list, adding, h("p", { class: "hint" }, "Values are JSON; plain text is taken as a string. Enter sets, Shift+Enter breaks the line.")), show };
}

function item(key, told, shared, list) {
  const field = h("textarea", { rows: "1", id: fresh("value"), spellcheck: "false", autocapitalize: "off", "data-part": "value", onkeydown: enter, oninput: () => { set.hidden = field.value === field.defaultValue; } });
  field.defaultValue = written(told);
  const set = h("button", { class: "small primary", hidden: true, "data-part": "value", "aria-label": `Set ${key}` }, "Set");
  const remove = h("button", { type: "button", class: "small", "aria-label": `Remove ${key}`, onclick: async () => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const then = next?.dataset.name;
    if (await attempt(() => shared.change({ document: { remove: [key] } }), `Removed ${key}`)) {
      [...list.children].find((each) => each.dataset.name === then)?.querySelector("textarea").focus();
    }
  } }, "Remove");
  const row = h("li", { class: "item" }, h("form", { class: "member", onsubmit: (event) => {
    event.preventDefault();
    attempt(() => shared.change({ document: { set: { [key]: valueOf(field.value) } } }), `Set ${key}`);
  } }, h("label", { for: field.id }, breakable(key)), field, set, remove));
  row.dataset.name = key;
  return row;
}

function enter(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

/** Show new text, unless somebody is writing there. */
function refill(field, text) {
  if (field.value === field.defaultValue) field.value = text;
  field.defaultValue = text;
}

function wholePanel(shared) {
  const field = h("textarea", { rows: "14", id: fresh("whole"), spellcheck: "false", class: "code" });
  const form = h("form", { hidden: true, onsubmit: async (event) => {
    event.preventDefault();
    let replace;
    try {
      replace = JSON.parse(field.value);
    } catch (error) {
      tell(`That is no JSON (${error.message}). Raw bytes can be anything.`, { bad: true });
      return;
    }
    if (await attempt(() => shared.change({ document: { replace } }), "Replaced the document")) field.value = field.defaultValue;
  } }, h("label", { for: field.id }, "The whole document"), field, h("div", { class: "actions" }, h("button", { class: "primary" }, "Replace document")));
  return { element: form, show: (issuer) => refill(field, issuer.document === null ? "" : JSON.stringify(issuer.document, null, 2)) };
}

function rawPanel(shared) {
  const body = h("textarea", { rows: "8", id: fresh("raw"), spellcheck: "false", class: "code" });
  const type = h("input", { id: fresh("type"), value: "application/json", autocomplete: "off", spellcheck: "false", "aria-describedby": "type-hint" });
  const form = h("form", { hidden: true, onsubmit: (event) => {
    event.preventDefault();
    attempt(() => shared.change({ document: { raw: { body: base64(body.value), content_type: type.value || null } } }), "Serving these bytes");
  } },
    h("label", { for: body.id }, "Body, sent as UTF-8"), body,
    h("label", { for: type.id }, "Content-Type"), type, h("p", { class: "hint", id: "type-hint" }, "Leave it empty to send none."),
    h("div", { class: "actions" }, h("button", { class: "primary" }, "Serve these bytes")));
  return { element: form, show: () => {} };
}

/** The headers' card. */
export function headersCard(shared) {
  const field = h("textarea", { rows: "3", id: fresh("headers"), spellcheck: "false", class: "code", placeholder: "Cache-Control: max-age=60", "aria-describedby": "headers-hint" });
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const headers = {};
    for (const line of field.value.split("\n").filter((each) => each.trim() !== "")) {
      const colon = line.indexOf(":");
      if (colon < 1) return tell(`${line}: a header is written as Name: value`, { bad: true });
      headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
    }
    if (await attempt(() => shared.change({ headers }), "Set the headers")) field.value = field.defaultValue;
  } },
    h("label", { for: field.id, class: "unseen" }, "Headers of the discovery answer"), field,
    h("p", { class: "hint", id: "headers-hint" }, "One a line. They come with the discovery answer and win over its own."),
    h("div", { class: "actions" }, h("button", {}, "Set headers")));
  return {
    element: h("section", { class: "card", "aria-labelledby": "headers" }, h("h2", { id: "headers" }, "Headers"), form),
    show: (issuer) => refill(field, Object.entries(issuer.headers).map(([name, value]) => `${name}: ${value}`).join("\n")),
  };
}
