// The failure switch: the catalogue by groups, to be found by typing.

import { attempt, failureId, fresh, h, outcomeBadge, visible } from "./dom.js";

/** The card; `show` gets the issuer whenever it changed. */
export function failureCard(modes, shared) {
  const group = fresh("failure");
  const now = h("p", { class: "now" });
  const nothing = h("p", { class: "muted", hidden: true }, "No failure has that in its id or its description.");
  const find = h("input", { type: "search", placeholder: "Find a failure", "aria-label": "Find a failure", autocomplete: "off", spellcheck: "false", oninput: narrow });
  const recover = h("button", { type: "button", onclick: () => attempt(() => shared.change({ failure: null }), "It works again") }, "Recover");
  const switchOn = h("button", { class: "primary" }, "Switch on");
  const choices = modes.filter((mode) => mode.layer !== "address").map((mode) => ({ mode, element: choice(mode, group) }));
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
    if (chosen) await attempt(() => shared.change({ failure: chosen }), `Failing with ${chosen}`);
  }

  function show(issuer) {
    const on = failureId(issuer.failure);
    const mode = modes.find((each) => each.id === on);
    const address = mode?.layer === "address";
    now.replaceChildren(...(on === null ? ["It works. Choose how it is to fail."] : [
      h("strong", {}, visible(on)), ": ", visible(mode?.statement ?? ""),
      address ? " This lies in its address and stays; make another issuer." : "",
    ]));
    recover.disabled = on === null || address;
    switchOn.disabled = address;
    for (const { mode: each, element } of choices) {
      element.classList.toggle("on", each.id === on);
      if (each.id === on) element.querySelector("input").checked = true;
    }
  }

  return { element: h("section", { class: "card", "aria-labelledby": "failing" }, h("h2", { id: "failing" }, "Failure"), now, form), show };
}

function choice(mode, group) {
  const about = fresh("about");
  return h("div", { class: "choice" },
    h("label", {}, h("input", { type: "radio", name: group, value: mode.id, "aria-describedby": about }), h("code", {}, visible(mode.id))),
    outcomeBadge(mode.outcome),
    h("p", { id: about }, visible(mode.statement), mode.standard ? h("span", { class: "source" }, ` ${visible(mode.standard)}`) : ""));
}
