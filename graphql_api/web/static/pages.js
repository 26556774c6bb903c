// What a page gains from a script; without it, everything works by forms and links.
"use strict";

// A second click on a button sends nothing: the first one is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000); // a download leaves the page as it is
});

// The browser's way back shows the page as it was: its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A field is shown while its conditions hold, or while it holds something: see `shownWhen`.
const valueOf = (form, name) => {
  const control = form.elements.namedItem(name);
  if (!control) return "";
  if (control.type === "checkbox") return control.checked ? control.value : "";
  return control.value;
};

const holds = (form, { field, test, values }) => {
  const yesNo = { oui: "true", non: "false" };
  const typed = valueOf(form, field);
  const value = yesNo[typed] ?? typed;
  if (test === "FILLED") return value !== "";
  return values.includes(value) === (test === "ONE_OF");
};

const isFilled = (box) =>
  [...box.querySelectorAll("input, select, textarea")].some((control) =>
    ["radio", "checkbox"].includes(control.type)
      ? control.checked && control.value !== ""
      : control.value !== "",
  );

// A star stands before a field while one of its rules applies: see `requiredWhen`.
const starWhatIsRequired = (form) => {
  for (const box of form.querySelectorAll("[data-required-when]")) {
    const rules = JSON.parse(box.dataset.requiredWhen);
    const applies = rules.some((rule) => rule.every((one) => holds(form, one)));
    for (const mark of box.querySelectorAll("[data-required]")) mark.hidden = !applies;
  }
};

const showWhatFits = (form) => {
  for (const box of form.querySelectorAll("[data-when]")) {
    const fits = JSON.parse(box.dataset.when).every((one) => holds(form, one));
    box.hidden = !fits && !isFilled(box) && !box.querySelector("[aria-invalid]");
  }
  for (const group of form.querySelectorAll("fieldset.group")) {
    group.hidden = !group.querySelector(".field:not([hidden])");
  }
};

for (const form of document.querySelectorAll("form:has([data-when], [data-required-when])")) {
  const follow = () => {
    showWhatFits(form);
    starWhatIsRequired(form);
  };
  follow();
  form.addEventListener("input", follow);
}

// A page to be printed has a button for it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is shown once is copied by a button, or selected where the browser does not allow that.
for (const place of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(place.dataset.copy);
  const said = place.querySelector("[role=status]");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    said.textContent = ""; // so that a second time is said too
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = place.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = place.dataset.selected;
    }
  });
}

// Five minutes before the session ends it is said, with a button that goes on; RGAA 13.1.
const note = document.getElementById("fin-de-session");
const BEFORE_SECONDS = 300;

const warnBefore = (seconds) => {
  setTimeout(() => (note.hidden = false), Math.max(0, seconds - BEFORE_SECONDS) * 1000);
};

if (note) {
  const button = note.querySelector("button");
  warnBefore(Number(document.body.dataset.sessionSeconds));
  button.addEventListener("click", async () => {
    const answer = await fetch(note.dataset.path, { redirect: "manual" });
    note.hidden = answer.ok;
    if (answer.ok) {
      warnBefore(Number(answer.headers.get("x-session-seconds")));
      return;
    }
    note.querySelector("[data-ending]").hidden = true;
    note.querySelector("[data-ended]").hidden = false;
    button.hidden = true;
  });
}
