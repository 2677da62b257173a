// The failure switch: the catalogue by groups, to be found by typing.

import { attempt, failureId, fresh, h, outcomeBadge, tell, visible } from "./dom.js";

/** The card; `show` gets the issuer whenever it changed. */
export function failureCard(modes, shared) {
  const group = fresh("failure");
  const now = h("p", { class: "now" });
  const nothing = h("p", { class: "muted", hidden: true }, "No failure has that in its id or its description.");
  const find = h("input", { type: "search", placeholder: "Find a failure", "aria-label": "Find a failure", autocomplete: "off", spellcheck: "false", oninput: narrow });
  const recover = h("button", { type: "button", onclick: () => attempt(() => shared.change({ failure: null }), "It works again") }, "Recover");
  const switchOn = h("button", { class: "primary" }, "Switch on");
  const choices = modes.filter((mode) => live(mode).length).map((mode) => ({ mode, ...choice(mode, group) }));
  const groups = [...new Set(choices.map(({ mode }) => mode.group))].map((name) => {
    const members = choices.filter(({ mode }) => mode.group === name);
    return { members, element: h("fieldset", {}, h("legend", {}, name), members.map(({ element }) => element)) };
  });
  const form = h("form", { onsubmit: submit },
    find,
    h("div", { class: "choices" }, groups.map(({ element }) => element), nothing),
    h("div", { class: "actions" }, recover, switchOn));

  function narrow() {
    const wanted = find.value.trim().toLowerCase();
    let any = false;
    for (const { members, element } of groups) {
      let some = false;
      for (const { mode, element: row } of members) {
        const fits = `${mode.id} ${mode.statement} ${mode.outcome}`.toLowerCase().includes(wanted);
        row.hidden = !fits;
        some ||= fits;
      }
      element.hidden = !some;
      any ||= some;
    }
    nothing.hidden = any;
  }

  async function submit(event) {
    event.preventDefault();
    const chosen = new FormData(form).get(group);
    const found = choices.find(({ mode }) => mode.id === chosen);
    if (!found) return tell("Choose a failure first", { bad: true });
    try {
      const failure = found.wish();
      await attempt(() => shared.change({ failure }), `Failing with ${chosen}`);
    } catch (error) {
      tell(error.message, { bad: true });
    }
  }

  function show(issuer) {
    const on = failureId(issuer.failure);
    const all = issuer.failures ?? (on === null ? [] : [{ id: on }]);
    const address = all.some(({ id, endpoint }) => modes.find((each) => each.id === id)?.layer === "address" && (endpoint ?? "discovery") === "discovery");
    const lines = all.map((failing) => [
      h("strong", {}, visible(failing.id)), details(failing), ": ", visible(modes.find((each) => each.id === failing.id)?.statement ?? ""),
    ]);
    now.replaceChildren(...(lines.length ? lines.map((parts) => h("span", { class: "one" }, parts)) : ["It works. Choose how it is to fail."]));
    if (address) now.append(" This lies in its address and stays; make another issuer.");
    recover.disabled = all.length === 0 || address;
    switchOn.disabled = address;
    for (const { mode: each, element } of choices) {
      element.classList.toggle("on", each.id === on);
      if (each.id === on) element.querySelector("input").checked = true;
    }
  }

  return { element: h("section", { class: "card", "aria-labelledby": "failing" }, h("h2", { id: "failing" }, "Failure"), now, form), show };
}

/** What is said of a failure beside its id: where and when it happens, and with what. */
function details({ endpoint, schedule, parameters }) {
  const told = [endpoint, schedule, ...Object.entries(parameters ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)].filter(Boolean);
  return told.length ? visible(` (${told.join(", ")})`) : "";
}

/** The endpoints at which it can be switched on: the issuer's own address never changes, those that its document hands out do. */
function live(mode) {
  const all = mode.endpoints ?? ["discovery"];
  return mode.layer === "address" ? all.filter((each) => each !== "discovery") : all;
}

/** A row of the list, and the wish that it stands for. */
function choice(mode, group) {
  const about = fresh("about");
  const options = settings(mode);
  const radio = h("input", { type: "radio", name: group, value: mode.id, "aria-describedby": about });
  const element = h("div", { class: "choice" },
    h("label", {}, radio, h("code", {}, visible(mode.id))),
    outcomeBadge(mode.outcome),
    h("p", { id: about }, visible(mode.statement), mode.standard ? h("span", { class: "source" }, ` ${visible(mode.standard)}`) : ""),
    options.element);
  return { element, wish: () => options.wish() };
}

/** Where, when and with what it fails, for servers that know of it: fields that are shown once the failure is chosen. */
function settings(mode) {
  if (!mode.endpoints) return { element: "", wish: () => mode.id };
  const field = (label, control, hint) => h("div", { class: "setting" }, h("label", { for: control.id }, label), control, hint ? h("p", {}, visible(hint)) : "");
  const endpoint = h("select", { id: fresh("endpoint") }, live(mode).map((each) => h("option", {}, visible(each))));
  const schedule = h("input", { id: fresh("schedule"), value: mode.schedule ?? "always", autocomplete: "off", spellcheck: "false" });
  const parameters = (mode.parameters ?? []).map((parameter) => {
    const control = h("input", { id: fresh("parameter"), value: JSON.stringify(parameter.default), autocomplete: "off", spellcheck: "false", class: "code" });
    return { parameter, control };
  });
  const element = h("div", { class: "settings" },
    field("Endpoint", endpoint),
    mode.layer === "address" ? "" : field("Schedule", schedule, "always, first N, every N, from N, or for T s"),
    parameters.map(({ parameter, control }) => field(visible(parameter.name), control, `${parameter.meaning}; ${parameter.wanted}`)));

  function wish() {
    const told = { id: mode.id };
    if (endpoint.value !== mode.endpoints[0]) told.endpoint = endpoint.value;
    if (schedule.value.trim() !== (mode.schedule ?? "always")) told.schedule = schedule.value.trim();
    const set = parameters.filter(({ control }) => control.value !== control.defaultValue);
    if (set.length) told.parameters = Object.fromEntries(set.map(({ parameter, control }) => [parameter.name, json(parameter.name, control.value)]));
    return Object.keys(told).length === 1 ? mode.id : told;
  }

  return { element, wish };
}

function json(name, text) {
  try {
    return JSON.parse(text);
  } catch {
    if (/^[\w ./:-]+$/.test(text)) return text;
    throw new Error(`${name}: that is no JSON`);
  }
}
