// Reloads the dossier in its frame when the theme changed. The dossier itself has no script.
"use strict";

const EVERY = 400;
const frame = document.getElementById("dossier");
const state = document.getElementById("state");
let known = null;
let waiting = true; // a PDF takes seconds

frame.addEventListener("load", () => {
  waiting = false;
  tell("");
});

function tell(text) {
  state.textContent = waiting ? "Mise en page…" : text;
}

function reload() {
  waiting = true;
  if (frame.dataset.form === "pdf") {
    frame.src = frame.getAttribute("src"); // a viewer of PDFs is not ours to reload
  } else {
    frame.contentWindow.location.reload(); // keeps the place where one was reading
  }
}

async function look() {
  try {
    const stamp = await (await fetch("/stamp", { cache: "no-store" })).text();
    tell("");
    if (known !== null && stamp !== known) reload();
    known = stamp;
  } catch {
    waiting = false;
    tell("L’aperçu est arrêté.");
  }
  setTimeout(look, EVERY);
}

function choose(id, prefix) {
  const list = document.getElementById(id);
  if (!list) return;
  const show = () => {
    for (const option of list.options) {
      if (option.value) frame.classList.toggle(prefix + option.value, option.selected);
    }
    sessionStorage.setItem(id, list.value);
  };
  list.value = sessionStorage.getItem(id) ?? "";
  list.addEventListener("change", show);
  show();
}

choose("width", "w");
choose("scheme", "");
document.getElementById("print")?.addEventListener("click", () => frame.contentWindow.print());
look();
