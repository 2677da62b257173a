// The control interface, as calls. Knows the admin token, which lives in this tab only.

const BASE = new URL(".", document.baseURI);
const KEPT = "idpact-admin-token";

/** The control interface refused; `message` says why. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

let asking = null;

/** Ask for the token, once for all calls that wait for it. */
function askForToken() {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("token");
    const value = document.getElementById("token-value");
    document.getElementById("token-wrong").hidden = sessionStorage.getItem(KEPT) === null;
    value.value = "";
    dialog.addEventListener("close", () => {
      asking = null;
      const given = value.value.trim();
      value.value = "";
      if (given) sessionStorage.setItem(KEPT, given);
      resolve(given !== "");
    }, { once: true });
    dialog.showModal();
    value.focus();
  });
  return asking;
}

async function send(method, path, { body, headers = {}, signal } = {}) {
  for (;;) {
    const token = sessionStorage.getItem(KEPT);
    const sent = { ...headers };
    if (token !== null) sent.Authorization = `Bearer ${token}`;
    if (body !== undefined) sent["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(new URL(path, BASE), { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), signal, cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refused("The server doesn't answer", 0);
    }
    if (answer.ok) return answer;
    if (answer.status === 401) {
      // Another call may have got the right token meanwhile.
      if (sessionStorage.getItem(KEPT) !== token || await askForToken()) continue;
      throw new Refused("This needs the admin token", 401);
    }
    throw await refusal(answer);
  }
}

async function refusal(answer) {
  try {
    return new Refused(String((await answer.json()).message), answer.status);
  } catch {
    return new Refused(`The server answered ${answer.status}`, answer.status);
  }
}

/** One call; its answer's JSON, or null. */
export async function call(method, path, options) {
  const answer = await send(method, path, options);
  return answer.status === 204 ? null : answer.json();
}

/** Where an issuer is. */
export const issuerPath = (name) => `issuers/${encodeURIComponent(name)}`;

let catalogue = null;

/** The catalogue of failures; it doesn't change while a server runs. */
export const failures = () => (catalogue ??= call("GET", "failures").then((found) => found.failures, (error) => { catalogue = null; throw error; }));

/**
 * Follow a journal until aborted. An EventSource can't send the token, so the stream is read here.
 * `heard` gets each event; `live` is told whether the stream is open.
 */
export async function follow(path, { signal, heard, live }) {
  let last = null;
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8000)) {
    try {
      const headers = last === null ? {} : { "Last-Event-ID": last };
      const answer = await send("GET", path, { headers, signal });
      live(true);
      wait = 500;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for await (const event of events(reader)) {
        if (event.id !== null) last = event.id;
        if (heard(event) === false) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) { live(false); return; }
      if (error.status === 404) { live(false); heard({ type: "gone", data: {}, id: null }); return; }
    }
    if (signal.aborted) return;
    live(false);
    await new Promise((resolve) => { setTimeout(resolve, wait); });
  }
}

async function* events(reader) {
  let rest = "";
  let event = { type: "message", data: "", id: null };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const colon = line.indexOf(":");
      const field = line.slice(0, colon);
      const text = line.slice(colon + 1).replace(/^ /, "");
      if (line === "") {
        if (event.data) yield { ...event, data: JSON.parse(event.data) };
        event = { type: "message", data: "", id: null };
      } else if (field === "event") event.type = text;
      else if (field === "data") event.data += text;
      else if (field === "id") event.id = text;
    }
  }
}
