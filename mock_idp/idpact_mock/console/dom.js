// Elements, and text that can't deceive. Text only ever becomes text: nothing here parses markup.

const DECEIVING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Control characters, and those that reorder or hide others, as escapes; `lines` keeps line breaks and tabs. */
export function visible(text, { lines = false } = {}) {
  const escaped = String(text).replace(DECEIVING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return lines ? escaped : escaped.replace(/\n/g, "\\n").replace(/\t/g, "\\t");
}

/** An element. Attributes that are functions listen; `true` is an empty attribute; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A fresh id, for labels. */
let count = 0;
export const fresh = (stem) => `${stem}-${++count}`;

/** Say something to the user for a while; errors stay longer. */
let silence;
export function tell(message, { bad = false } = {}) {
  const told = document.getElementById("told");
  clearTimeout(silence);
  told.className = bad ? "bad" : "";
  told.textContent = visible(message);
  silence = setTimeout(() => { told.textContent = ""; }, bad ? 9000 : 3000);
}

/** Do it, and say what went wrong. Returns whether it went right. */
export async function attempt(work, done = null) {
  try {
    await work();
    if (done) tell(done);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") tell(error.message, { bad: true });
    return false;
  }
}

/** A button that copies. */
export function copyButton(text, what) {
  const button = h("button", { type: "button", class: "small", "aria-label": `Copy ${what}`, onclick: async () => {
    if (await copied(text)) {
      button.textContent = "Copied";
      tell(`Copied ${what}`);
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    } else tell("The browser doesn't let this page copy; select the text instead", { bad: true });
  } }, "Copy");
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain http from another machine there is no clipboard for pages, but the old command still works.
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Ask before something is lost. */
export function confirmed(title, about, verb) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-title").textContent = visible(title);
  document.getElementById("confirm-about").textContent = visible(about);
  dialog.querySelector(".danger").textContent = verb;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

const MEANINGS = {
  yes: ["retrieved", "The document counts as retrieved"],
  not: ["not retrieved", "Nothing may be inferred"],
  "not-strict": ["lenient only", "The standard says not to use it; lenient clients do"],
  "yes-unusable": ["unusable member", "Retrieved, but a member can't be used and must not be stored"],
  open: ["left open", "The standards leave open how this counts"],
};

/** How an answer counts. */
export function outcomeBadge(outcome) {
  const known = Object.hasOwn(MEANINGS, outcome);
  const [label, title] = known ? MEANINGS[outcome] : [visible(outcome), null];
  return h("span", { class: `badge ${known ? outcome : "open"}`, title }, label);
}

/** The id of a failure, in either of the shapes that the control interface has for it. */
export const failureId = (failure) => (failure !== null && typeof failure === "object" ? failure.id : failure);

/** A name that may break after its underscores. */
export const breakable = (name) => visible(name).split(/(?<=_)/).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));

/** Whether an issuer works. */
export function stateBadge(issuer) {
  const failure = failureId(issuer.failure) ?? issuer.failures?.[0]?.id;
  return failure === null || failure === undefined ? h("span", { class: "badge yes" }, "working") : h("span", { class: "badge not" }, visible(failure));
}
