// What a front end does, step by step; each step prints a line of JSON. Needs an open booklet.
import { randomUUID } from "node:crypto";
import {
  AddEntryDocument,
  type BookletState,
  type EntryInput,
  IssueShareLinkDocument,
  ListAccessesDocument,
  type ListAccessesQuery,
  ListEntriesDocument,
  ReviseEntryDocument,
  RevokeShareLinkDocument,
  RubricFormDocument,
  SaveDossierDocument,
} from "./generated.js";
import { type Content, fault, isRequired, isShown, offered } from "./forms.js";
import { ask, ServiceError } from "./livret.js";

const training = { title: "La commande publique", role: "STAGIAIRE", start: "2021-03" };

function tell(step: string, told: object): void {
  console.log(JSON.stringify({ step, ...told }));
}

function inFrench(state: BookletState): string {
  switch (state) {
    case "OPEN":
      return "Livret ouvert";
    case "CODE_GIVEN":
    case "CHARTER_ACCEPTED":
      return "Ouverture à terminer";
    default:
      return "Pas de livret";
  }
}

async function list(): Promise<void> {
  const { booklet } = await ask(ListEntriesDocument, {});
  if (booklet === null) throw new Error("The caller has no booklet.");
  const headlines = booklet.entries.map((entry) => entry.headline);
  tell("listed", { state: inFrench(booklet.state), headlines });
}

async function form(): Promise<void> {
  const { rubric, codeTables } = await ask(RubricFormDocument, { name: "PRIOR_LEARNING_RECOGNITION" });
  const required = (content: Content) =>
    rubric.fields.filter((field) => isRequired(field, content)).map((field) => field.key);
  const typed: Content = { kind: "RED", title: "Équivalence", start: "2020", status: "TERMINE" };
  const faults = rubric.fields.flatMap((field) => fault(field, typed) ?? []);
  tell("form", { legend: rubric.label, required: required({}), then: required(typed), faults });

  const decision = rubric.fields.find((field) => field.key === "decision");
  if (decision === undefined) return;
  const table = codeTables.find(({ name }) => name === decision.table)?.codes ?? [];
  const all = table.filter(({ retired }) => !retired).map(({ code }) => code);
  const shown = isShown(decision, { kind: "BILAN_COMPETENCES" });
  tell("decision", { shown, offered: offered(decision, typed, all) });
}

async function add(step: string, entry: EntryInput, key: string): Promise<string> {
  const { entryAdd: answer } = await ask(AddEntryDocument, { entry, key });
  if (answer.__typename === "EntryAdded") {
    const { id, version, warnings } = answer.entry;
    tell(step, { id, version, warnings: warnings.map((warning) => warning.path) });
    return id;
  }
  const problems = answer.__typename === "InvalidEntry" ? answer.problems : [];
  tell(step, { refused: answer.code, message: answer.message, problems });
  return "";
}

async function revise(id: string, version: number, title: string): Promise<void> {
  const change = { id, entry: { training: { title } } };
  let key = randomUUID();
  let { entryRevise: answer } = await ask(ReviseEntryDocument, { ...change, version, key });
  if (answer.__typename === "Conflict") {
    const now = answer.currentEntry?.headline;
    tell("conflict", { sent: version, current: answer.currentVersion, now });
    // A front end shows both texts here and lets the person choose; this one prefers its own.
    key = randomUUID();
    version = answer.currentVersion;
    ({ entryRevise: answer } = await ask(ReviseEntryDocument, { ...change, version, key }));
  }
  if (answer.__typename === "EntryRevised") tell("revised", answer.entry);
  else tell("revised", { refused: answer.code, message: answer.message });
}

async function share(entry: string): Promise<void> {
  const dossier = { purpose: "AUTRE", title: "Pour le jury", entries: [entry] };
  const saved = (await ask(SaveDossierDocument, { dossier, key: randomUUID() })).dossierSave;
  if (saved.__typename !== "DossierSaved") return tell("saved", { refused: saved.code });
  const { id, version, selectedEntries } = saved.dossier;
  tell("saved", { id, version, selectedEntries });

  const wanted = { dossier: id, name: "Jury du 12 mai", key: randomUUID() };
  const issued = (await ask(IssueShareLinkDocument, wanted)).shareLinkIssue;
  if (issued.__typename !== "ShareLinkIssued") return tell("issued", { refused: issued.code });
  tell("issued", { ...issued.link, hasAddress: issued.url !== null }); // the address is a secret

  const again = (await ask(IssueShareLinkDocument, wanted)).shareLinkIssue;
  if (again.__typename === "ShareLinkIssued") {
    tell("issued again", { id: again.link.id, hasAddress: again.url !== null });
  }

  const ended = { id: issued.link.id, key: randomUUID() };
  const revoked = (await ask(RevokeShareLinkDocument, ended)).shareLinkRevoke;
  if (revoked.__typename === "ShareLinkRevoked") tell("revoked", revoked.link);
  else tell("revoked", { refused: revoked.code });
}

async function accesses(): Promise<void> {
  const sentences: string[] = [];
  let after: string | null = null;
  do {
    const read: ListAccessesQuery = await ask(ListAccessesDocument, { after });
    const page = read.booklet?.accessRecords;
    sentences.push(...(page?.nodes ?? []).map((record) => record.sentence));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  tell("accesses", { sentences });
}

async function run(): Promise<void> {
  await list();
  await form();
  const key = randomUUID(); // made when the form is opened, kept until the answer is there
  const id = await add("added", { training }, key);
  await add("added again", { training }, key);
  await add("same key, another entry", { training: { ...training, title: "Autre" } }, key);
  await add("invalid", { training: { title: "", start: "2021-02-30" } }, randomUUID());
  await revise(id, 1, "Les marchés publics");
  await revise(id, 1, "La commande publique durable");
  await share(id);
  await list();
  await accesses();
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  tell("failed", { code: error.code, status: error.status });
  process.exitCode = 1;
}
