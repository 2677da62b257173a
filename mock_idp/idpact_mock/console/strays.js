// The requests that belong to no issuer.

import { h } from "./dom.js";
import { journal } from "./journal.js";

/** The page. */
export async function straysPage({ ground, signal }) {
  ground.append(
    h("div", { class: "head" }, h("h1", { tabindex: "-1" }, "Strays")),
    h("p", { class: "lead" }, "Requests that match no issuer. Whoever drops an issuer's path, or doubles a slash, ends up here."),
    journal({ stream: "strays/events", clear: "strays", signal }),
  );
}
