// One way to ask: a typed document, a bearer token, and once more when the answer was lost.
import type { TypedDocumentString } from "./generated.js";

const ADDRESS = process.env["LIVRET_URL"] ?? "http://127.0.0.1:8000/graphql";
const TOKEN = process.env["LIVRET_TOKEN"] ?? "";
const TRIES = 3;

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; incident?: string } }[];
}

/** What the person at the screen cannot mend: a top-level error, or an HTTP status. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The data of an answer without errors. Throws a ServiceError for any other. */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const answer = await sent(JSON.stringify({ query: document.toString(), variables }));
  const body = (await answer.json().catch(() => ({}))) as Answer<Data>; // a proxy may answer HTML
  const [error] = body.errors ?? [];
  if (error !== undefined || body.data == null) {
    const code = error?.extensions?.code ?? `HTTP_${answer.status}`;
    throw new ServiceError(code, answer.status, error?.message ?? answer.statusText);
  }
  return body.data;
}

/** Queries change nothing and every mutation here has a key, so sending again does no harm. */
async function sent(body: string, tries = TRIES): Promise<Response> {
  const answer = await fetch(ADDRESS, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json",
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
    },
    body,
  }).catch(() => undefined); // no connection, or one that broke
  if (answer !== undefined && answer.status !== 503) return answer;
  if (tries > 1) {
    const seconds = Number(answer?.headers.get("retry-after") ?? 1);
    await new Promise((resume) => setTimeout(resume, seconds * 1000));
    return sent(body, tries - 1);
  }
  if (answer !== undefined) return answer;
  throw new ServiceError("UNREACHABLE", 0, "The service does not answer.");
}
