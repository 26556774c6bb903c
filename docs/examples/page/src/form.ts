// A form from the guide queries: the page knows no field of a rubric.
import { make } from "./elements.js";
import type { HomeQuery } from "./generated.js";

type Field = HomeQuery["rubric"]["fields"][number];
type Tables = HomeQuery["codeTables"];
type Value = boolean | number | string | string[] | null;
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const LISTS = ["TEXTS", "CODES"];
const NUMBERS = ["NUMBER", "WHOLE_NUMBER"];

/** A paragraph for each field: label, control, hint and a place for its problem. A new entry begins with
    what the guide suggests. */
export function entryForm(fields: Field[], tables: Tables, values?: Record<string, Value>): HTMLElement[] {
  return fields.map((field) => {
    const control = controlOf(field, tables);
    control.id = field.key;
    setValue(control, values === undefined ? (field.suggested ?? null) : (values[field.key] ?? null));
    control.setAttribute("aria-describedby", `${field.key}-hint ${field.key}-problem`);
    const label = make("label", field.required ? `${field.label} *` : field.label);
    label.htmlFor = field.key;
    // The example of a code or of yes and no is not a word for people.
    const isTyped = field.table == null && field.kind !== "YES_NO";
    const hint = make("span", field.hint || (isTyped ? `Par exemple : ${field.example}` : ""));
    hint.id = `${field.key}-hint`;
    const problem = make("strong");
    problem.id = `${field.key}-problem`;
    const line = make("p");
    line.append(label, make("br"), control, " ", hint, " ", problem);
    return line;
  });
}

/** What was typed, as the input of the rubric takes it; null erases. */
export function typed(form: HTMLFormElement, fields: Field[]): Record<string, Value> {
  return Object.fromEntries(
    fields.map((field) => {
      const control = form.querySelector<Control>(`#${field.key}`)!;
      const text = control.value.trim();
      if (text === "") return [field.key, null];
      if (field.kind === "YES_NO") return [field.key, text === "true"];
      if (LISTS.includes(field.kind)) return [field.key, text.split("\n").map((line) => line.trim())];
      return [field.key, NUMBERS.includes(field.kind) ? Number(text.replace(",", ".")) : text];
    }),
  );
}

/** Put each message beside its field, and the focus in the first. */
export function showProblems(form: HTMLFormElement, under: string, problems: { path: string; message: string }[]): void {
  for (const { path, message } of problems) {
    const key = path.slice(under.length + 1).split(".")[0];
    const control = form.querySelector<Control>(`#${key}`);
    control?.setAttribute("aria-invalid", "true");
    form.querySelector(`#${key}-problem`)?.append(message);
  }
  form.querySelector<Control>("[aria-invalid=true]")?.focus();
}

export function clearProblems(form: HTMLFormElement): void {
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const problem of form.querySelectorAll("strong")) problem.textContent = "";
}

function controlOf({ kind, table }: Field, tables: Tables): Control {
  // Three answers: what is left open, « shareable » above all, the service decides.
  if (kind === "YES_NO") {
    const select = make("select");
    select.append(new Option("", ""), new Option("Oui", "true"), new Option("Non", "false"));
    return select;
  }
  if (kind === "CODE") {
    const select = make("select");
    const codes = tables.find(({ name }) => name === table)?.codes ?? [];
    select.append(new Option("", ""), ...codes.filter((one) => !one.retired).map((one) => new Option(one.label, one.code)));
    return select;
  }
  if (kind === "LONG_TEXT" || LISTS.includes(kind)) return make("textarea");
  return make("input");
}

function setValue(control: Control, value: Value): void {
  control.value = Array.isArray(value) ? value.join("\n") : String(value ?? "");
}
