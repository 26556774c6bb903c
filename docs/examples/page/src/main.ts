// The page: signs a person in, shows their booklet, adds and changes an entry, hands a dossier on.
import type { User, UserManager } from "oidc-client-ts";
import type { Api } from "./api.js";
import { apolloClient, byApollo } from "./apollo.js";
import { button, make, show, tell } from "./elements.js";
import { clearProblems, entryForm, showProblems, typed } from "./form.js";
import {
  AddEntryDocument, HomeDocument, type HomeQuery, ReviseEntryDocument,
  type ReviseEntryMutation, SaveDossierDocument, ShareDossierDocument,
} from "./generated.js";
import { type Service, sessionOf } from "./session.js";
import { byUrql, urqlClient } from "./urql.js";

type Revised<Name> = Extract<ReviseEntryMutation["entryRevise"], { __typename: Name }>;
type Entry = NonNullable<HomeQuery["booklet"]>["entries"][number];

const service = (await (await fetch("service.json")).json()) as Service;
const session = sessionOf(service);
let api: Api;

/** The person who is signed in, after the way back from the issuer too. */
async function signedIn(): Promise<User | null> {
  if (location.pathname.endsWith("/retour.html")) {
    const user = await session.signinCallback();
    history.replaceState(null, "", "/"); // the code is used: nothing of it stays in the address
    return user ?? null;
  }
  return session.getUser();
}

async function token(): Promise<string> {
  return (await session.getUser())?.access_token ?? "";
}

function client(name: string | null): Api {
  const graphql = `${service.url}/graphql`;
  return name === "urql" ? byUrql(urqlClient(graphql, token)) : byApollo(apolloClient(graphql, token));
}

async function home(): Promise<void> {
  const { booklet, rubric, codeTables } = await api.query(HomeDocument, { rubric: "DIPLOMA" });
  if (booklet == null) return show(make("p", "Vous n’avez pas de livret."));
  const { firstName, lastName } = booklet.identity ?? {};
  const list = make("ul");
  for (const entry of booklet.entries) {
    const line = make("li", `${entry.headline} (${entry.when}) `);
    line.append(button("Modifier", () => form({ rubric, codeTables }, entry)));
    list.append(line);
  }
  const dossiers = make("ul");
  for (const { id, title } of booklet.dossiers) {
    const line = make("li", `${title} `);
    line.append(button("Télécharger", () => download(id)), button("Partager", () => share(id)));
    dossiers.append(line);
  }
  show(
    make("h2", `${firstName} ${lastName}`),
    list,
    button("Ajouter un diplôme", () => form({ rubric, codeTables })),
    make("h2", "Dossiers"),
    dossiers,
    button("Créer un dossier", createDossier),
    button("Se déconnecter", () => signOut(session)),
  );
}

type Guide = Pick<HomeQuery, "rubric" | "codeTables">;

/** The form of an entry; it stays as it was typed until the service has taken it. */
function form(guide: Guide, entry?: Entry): void {
  const { rubric } = guide;
  const at = make("form");
  let version = entry?.version;
  at.append(...entryForm(rubric.fields, guide.codeTables, entry?.values as never));
  let key = crypto.randomUUID();
  at.append(make("button", "Enregistrer"), button("Annuler", home));
  at.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblems(at);
    const content = { [rubric.key]: typed(at, rubric.fields) } as never;
    const answer =
      entry === undefined || version === undefined
        ? (await api.mutate(AddEntryDocument, { entry: content, key })).entryAdd
        : (await api.mutate(ReviseEntryDocument, { id: entry.id, version, entry: content, key })).entryRevise;
    switch (answer.__typename) {
      case "EntryAdded":
      case "EntryRevised":
        tell(`Enregistré : ${answer.entry.headline}`);
        return home();
      case "InvalidEntry":
        return showProblems(at, `entry.${rubric.key}`, answer.problems);
      case "Conflict": {
        // What was typed stays in the form; the next try is made against the present version.
        const now = (answer as Revised<"Conflict">).currentEntry;
        version = now?.version ?? version;
        key = crypto.randomUUID();
        return tell(`Modifié entre-temps : ${now?.headline ?? ""}. Enregistrez pour remplacer.`);
      }
      default:
        return tell(answer.message);
    }
  });
  show(make("h2", rubric.label), at);
}

async function createDossier(): Promise<void> {
  const dossier = { title: "Ma candidature", purpose: "CANDIDATURE", rubrics: ["DIPLOMA"] } as never;
  const { dossierSave } = await api.mutate(SaveDossierDocument, { dossier, key: crypto.randomUUID() });
  tell(dossierSave.__typename === "DossierSaved" ? "Dossier créé." : dossierSave.message);
  return home();
}

/** A dossier is a file behind the token, so it comes as a blob and never as an address. */
async function download(id: string): Promise<void> {
  const headers = { authorization: `Bearer ${await token()}` };
  const answer = await fetch(`${service.url}/dossiers/${id}.html`, { headers });
  if (!answer.ok) return tell(`Le dossier n’a pas pu être imprimé (${answer.status}).`);
  const named = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "");
  const link = make("a", "");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named?.[1] ?? "livret.html";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function share(dossier: string): Promise<void> {
  const asked = { dossier, name: "Jury", key: crypto.randomUUID() };
  const { shareLinkIssue } = await api.mutate(ShareDossierDocument, asked);
  if (shareLinkIssue.__typename !== "ShareLinkIssued") return tell(shareLinkIssue.message);
  const link = make("a", shareLinkIssue.url ?? "");
  link.href = shareLinkIssue.url ?? ""; // told once: the person copies it now
  tell("Adresse à transmettre : ", link);
}

async function signOut(manager: UserManager): Promise<void> {
  await manager.signoutRedirect();
}

const chosen = new URLSearchParams(location.search).get("client");
const user = await signedIn();
if (user === null) {
  show(button("Se connecter", () => session.signinRedirect({ state: chosen })));
} else {
  api = client(typeof user.state === "string" ? user.state : chosen);
  await home();
}
