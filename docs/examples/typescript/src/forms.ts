// A form built from the guide: what it shows, asks for and offers, by what was typed so far.
import type { RubricFormQuery } from "./generated.js";

export type Field = RubricFormQuery["rubric"]["fields"][number];
export type Content = Record<string, boolean | number | string | string[] | null>;
type Condition = Field["shownWhen"][number];
type Rule = Field["requiredWhen"][number];

function isFilled(value: Content[string] | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && String(value) !== "";
}

/** Whether a condition holds; `unknown` for a test that is newer than this client. */
function holds({ field, test, values }: Condition, content: Content, unknown: boolean): boolean {
  const value = content[field];
  switch (test) {
    case "FILLED":
      return isFilled(value);
    case "ONE_OF":
      return values.includes(String(value)); // a yes is "true"
    case "NONE_OF":
      return !values.includes(String(value));
    default:
      return unknown;
  }
}

function applying(rules: Rule[], content: Content): Rule | undefined {
  return rules.find((rule) => rule.conditions.every((one) => holds(one, content, false)));
}

/** Whether to show a field: where it makes sense, and wherever it holds something. */
export function isShown(field: Field, content: Content): boolean {
  if (isFilled(content[field.key])) return true;
  return field.shownWhen.every((one) => holds(one, content, true));
}

/** Whether to mark a field as required. */
export function isRequired(field: Field, content: Content): boolean {
  return field.required || applying(field.requiredWhen, content) !== undefined;
}

/** What to say beside a field before anything is sent; undefined when nothing is wrong. */
export function fault(field: Field, content: Content): string | undefined {
  if (isFilled(content[field.key])) return applying(field.refusedWhen, content)?.message;
  if (field.required) return `«\u202f${field.label}\u202f» est obligatoire.`;
  return applying(field.requiredWhen, content)?.message;
}

/** The codes to offer, those that fit first; those of a strict choice alone. */
export function offered(field: Field, content: Content, table: string[]): string[] {
  const codes = table.filter((code) => !field.refusedCodes.includes(code));
  const other = field.dependsOn;
  const choice = other?.choices.find(({ value }) => value === content[other.field]);
  if (choice === undefined) return codes;
  if (choice.strict) return choice.codes;
  return [...choice.codes, ...codes.filter((code) => !choice.codes.includes(code))];
}
