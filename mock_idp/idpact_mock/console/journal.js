// A journal, live: newest first, each entry to be opened.

import { call, follow } from "./api.js";
import { attempt, h, outcomeBadge, visible } from "./dom.js";

const SHOWN = 500;

/** The card with a journal, which is followed until `signal`. */
export function journal({ stream, clear, signal }) {
  const list = h("ol", { class: "entries", reversed: true });
  const state = h("span", { class: "live" }, "Connecting");
  const empty = h("p", { class: "empty muted" }, "No request yet. Each one shows up here as it comes.");
  const rows = new Map();
  const started = Date.now() / 1000;

  function heard({ type, data }) {
    if (type === "gone") {
      state.className = "live off";
      state.textContent = "Dropped";
      return false;
    }
    if (type !== "entry") return true;
    const known = rows.get(data.number);
    if (known) return known.show(data);
    const row = entry(data);
    rows.set(data.number, row);
    place(list, row.element, data.number);
    empty.hidden = true;
    if (data.at >= started) {
      row.element.className = "fresh";
      say(data);
    }
    while (rows.size > SHOWN) {
      const oldest = Math.min(...rows.keys());
      rows.get(oldest).element.remove();
      rows.delete(oldest);
    }
    return true;
  }

  follow(stream, { signal, heard, live: (open) => {
    state.className = open ? "live on" : "live off";
    state.textContent = open ? "Live" : "Connecting again";
  } });

  const forget = h("button", { type: "button", class: "small", onclick: () => attempt(async () => {
    await call("DELETE", clear);
    rows.clear();
    list.replaceChildren();
    empty.hidden = false;
  }, "Forgot all entries") }, "Clear");
  return h("section", { class: "card journal", "aria-labelledby": "journal" },
    h("div", { class: "head" }, h("h2", { id: "journal" }, "Journal"), state, h("span", { class: "grow" }), forget),
    empty, list);
}

function place(list, element, number) {
  element.dataset.number = number;
  const after = [...list.children].find((row) => Number(row.dataset.number) < number);
  list.insertBefore(element, after ?? null);
}

function say(data) {
  const heard = document.getElementById("heard");
  heard.append(h("p", {}, `${visible(data.method)} ${visible(data.target)}: ${data.status ?? "no answer yet"}`));
  while (heard.children.length > 5) heard.firstChild.remove();
}

const time = (at) => {
  const when = new Date(at * 1000);
  return `${when.toLocaleTimeString([], { hour12: false })}.${String(when.getMilliseconds()).padStart(3, "0")}`;
};

const size = (bytes) => (bytes < 10000 ? `${bytes} B` : bytes < 1e7 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1048576)} MiB`);

function entry(first) {
  const line = h("summary");
  const inside = h("div", { class: "inside" });
  const details = h("details", { ontoggle: () => { if (details.open) fill(); } }, line, inside);
  const element = h("li", {}, details);
  let data = first;

  function fill() {
    inside.replaceChildren(...insides(data));
  }

  function show(now) {
    data = now;
    const judged = now.kind !== "other" && now.ended !== "pending";
    line.replaceChildren(
      h("span", { class: "when" }, time(now.at)),
      h("span", { class: "method" }, visible(now.method)),
      h("bdi", { class: "target" }, visible(now.target)),
      h("span", { class: "answer" }, now.ended === "pending" ? h("span", { class: "badge pending" }, "pending") : now.status === null ? visible(now.ended) : String(now.status), judged ? outcomeBadge(now.outcome) : ""));
    if (details.open) fill();
  }

  show(first);
  return { element, show };
}

function insides(data) {
  const facts = [
    ["Entry", data.number], ["From", data.client], ["Endpoint", data.kind], ["Failure", data.failure],
    ["Ended", data.ended], ["Took", data.seconds === null ? null : `${(data.seconds * 1000).toFixed(2)} ms`], ["Sent", size(data.bytes_sent)],
  ].filter(([, value]) => value !== null && value !== undefined);
  const answered = data.status === null ? "No answer" : `Answer: ${data.status}`;
  return [
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, visible(value))))),
    h("h3", {}, "Request headers"),
    h("table", { class: "headers" }, h("tbody", {}, data.headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, visible(name)), h("td", {}, visible(value)))))),
    ...body("Request body", data.body),
    h("h3", {}, answered, data.content_type ? h("span", { class: "muted" }, ` ${visible(data.content_type)}`) : ""),
    ...body(null, data.content),
    data.content_size > bytesOf(data.content).length ? h("p", { class: "muted" }, `The first ${size(bytesOf(data.content).length)} of ${size(data.content_size)}.`) : "",
  ];
}

const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function body(title, text) {
  if (!text) return [];
  const bytes = bytesOf(text);
  let shown;
  try {
    shown = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    shown = atob(text); // no UTF-8: byte by byte, as Latin-1
  }
  return [title ? h("h3", {}, title) : "", h("pre", { tabindex: "0", "aria-label": title ?? "Body of the answer" }, visible(shown, { lines: true }))];
}
