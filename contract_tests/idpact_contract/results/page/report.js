"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  // What is folded from the start is one text until it is wanted; see case.html.j2.
  const fill = (details) => {
    const waiting = details.querySelector(":scope > noscript");
    if (!waiting) return;
    const made = document.createElement("template");
    made.innerHTML = waiting.textContent;
    addCopyButtons(made.content);
    waiting.replaceWith(made.content);
  };
  const open = (details) => {
    fill(details);
    details.open = true;
  };
  document.addEventListener("toggle", (event) => event.target.open && fill(event.target), true);

  const addCopyButtons = (root) => {
    for (const again of all(".again", root)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-live", "polite");
      again.firstElementChild.after(button);
    }
  };
  const copy = async (button) => {
    const lines = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(lines.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(lines);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  const reveal = (hash) => {
    let id = hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* not encoded, then */ }
    const target = id && byId(id);
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let node = target; node; node = node.parentElement) if (node.matches("details")) open(node);
    const show = () => target.scrollIntoView({ block: "start" });
    show();
    // What was not laid out before has its true height only now.
    requestAnimationFrame(() => requestAnimationFrame(show));
    const focus = target.querySelector(target.matches("details") ? "summary" : "a");
    if (focus && target.matches("details, .rule")) focus.focus({ preventScroll: true });
  };
  addEventListener("hashchange", () => reveal(location.hash));
  // Once more when all is loaded, since the browser then goes to the fragment itself and takes the focus with it.
  addEventListener("load", () => reveal(location.hash));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button);
    const link = event.target.closest('a[href^="#"]');
    // A second click on the same link changes no hash, and still has to show its target.
    if (link && link.hash === location.hash) reveal(link.hash);
  });

  const form = byId("filter");
  const text = byId("filter-text");
  const boxes = all('input[name="verdict"]', form);
  const lower = (element) => element.textContent.toLowerCase();
  let index = null;
  const indexed = () => index ??= all(".chapter").map((chapter) => ({
    element: chapter,
    rules: all(".rule", chapter).map((rule) => ({
      element: rule,
      text: lower(rule.querySelector("h4")) + " " + lower(rule.querySelector(".about")),
      folds: all(":scope > .fold", rule).map((fold) => ({ element: fold, note: fold.querySelector(".fit"), was: fold.open })),
      cases: all(".case", rule).map((element) => ({
        element,
        fold: element.closest(".fold"),
        verdict: element.dataset.verdict,
        text: lower(element.querySelector("summary")),
      })),
    })),
  }));
  const hide = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  const count = (number) => number.toLocaleString("en");

  const everyFold = () => indexed().flatMap((chapter) => chapter.rules.flatMap((rule) => rule.folds));
  // More than that many are not unfolded for the reader, who has only begun to type.
  const unfoldedAtMost = 300;

  let filtering = false;
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const narrowed = words.length > 0 || wanted.size < boxes.length;
    if (narrowed && !filtering) for (const fold of everyFold()) fold.was = fold.element.open;
    let shown = 0, total = 0;
    const fitting = new Map();
    for (const chapter of indexed()) {
      let inChapter = 0;
      for (const rule of chapter.rules) {
        const missing = words.filter((word) => !rule.text.includes(word));
        let inRule = 0;
        for (const one of rule.cases) {
          const fits = wanted.has(one.verdict) && missing.every((word) => one.text.includes(word));
          hide(one.element, !fits);
          total += 1;
          if (!fits) continue;
          inRule += 1;
          if (one.fold) fitting.set(one.fold, (fitting.get(one.fold) ?? 0) + 1);
        }
        hide(rule.element, inRule === 0 && narrowed);
        inChapter += inRule;
      }
      hide(chapter.element, inChapter === 0 && narrowed);
      shown += inChapter;
    }
    for (const { element, note, was } of everyFold()) {
      const fit = fitting.get(element) ?? 0;
      hide(element, fit === 0);
      note.textContent = narrowed ? `, ${count(fit)} shown` : "";
      element.open = narrowed ? fit > 0 && shown <= unfoldedAtMost : was;
    }
    filtering = narrowed;
    byId("filter-status").textContent = narrowed ? `${count(shown)} of ${count(total)} cases` : `${count(total)} cases`;
    hide(byId("nothing"), shown > 0 || !narrowed);
  };
  const clear = () => {
    text.value = "";
    for (const box of boxes) box.checked = true;
    apply();
  };
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  };
  text.addEventListener("input", soon);
  text.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); clear(); } });
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => event.preventDefault());

  // In slices, so that ten thousand cases don't hold up the page.
  const inSlices = (elements, act) => {
    const slice = elements.splice(0, 100);
    slice.forEach(act);
    if (elements.length) setTimeout(() => inSlices(elements, act));
  };
  byId("unfold").addEventListener("click", () => {
    const shown = all(".fold, .case").filter((element) => !element.closest("[hidden]"));
    inSlices(shown, open);
  });
  byId("fold").addEventListener("click", () => {
    inSlices(all(".fold[open], .case[open], .timeline[open]"), (element) => { element.open = false; });
  });

  addCopyButtons(document);
  form.hidden = false;
  reveal(location.hash);
})();
