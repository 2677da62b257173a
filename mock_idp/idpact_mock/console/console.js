// The console's pages, by the address after the hash.

import { h, tell, visible } from "./dom.js";
import { issuerPage } from "./issuer.js";
import { listPage } from "./list.js";
import { straysPage } from "./strays.js";

const main = document.getElementById("main");
let leaving = null;

function route() {
  const [, kind, ...rest] = location.hash.split("/");
  try {
    if (kind === "issuers" && rest.length === 1) return { page: "list", open: (ground) => issuerPage(decodeURIComponent(rest[0]), ground) };
  } catch {
    // No name at all: the list is what remains.
  }
  return kind === "strays" ? { page: "strays", open: straysPage } : { page: "list", open: listPage };
}

async function open({ first = false } = {}) {
  leaving?.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const { page, open: opened } = route();
  for (const link of document.querySelectorAll("nav a[data-page]")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.getElementById("heard").replaceChildren();
  const ground = h("div", { class: "page" });
  try {
    await opened({ ground, signal });
  } catch (error) {
    if (signal.aborted) return;
    ground.replaceChildren(
      h("h1", { tabindex: "-1" }, "That didn't work"),
      h("p", { class: "notice bad", role: "alert" }, visible(error.message)),
      h("div", { class: "actions" }, h("a", { class: "button", href: "#/" }, "To the issuers"), h("button", { type: "button", class: "primary", onclick: () => open() }, "Try again")),
    );
  }
  if (signal.aborted) return;
  main.replaceChildren(ground);
  const title = ground.querySelector("h1");
  document.title = `${title?.textContent ?? "Issuers"} · Mock IdP`;
  if (!first) title?.focus({ preventScroll: true });
  if (!first) window.scrollTo(0, 0);
}

addEventListener("hashchange", () => { if (location.hash === "" || location.hash.startsWith("#/")) open(); });
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
addEventListener("unhandledrejection", (event) => { tell(event.reason?.message ?? "Something went wrong", { bad: true }); });
open({ first: true });
