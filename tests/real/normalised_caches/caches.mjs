// Fills the caches of Apollo Client and of urql with answers, as docs/clients.md sets them up, and
// reads each question back from the cache alone. In: { sdl, answers: [{ query, variables, data }] }.
// Out: { apollo, urql }, each a list of what was read back, null where the cache cannot tell.
import { gql, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { Client, makeOperation } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { buildSchema, introspectionFromSchema, isAbstractType, isObjectType } from "graphql";
import { readFileSync } from "node:fs";
import { filter, map, pipe } from "wonka";

const { sdl, answers } = JSON.parse(readFileSync(0, "utf8"));
const schema = buildSchema(sdl);
const roots = [schema.getQueryType(), schema.getMutationType()];
const types = Object.values(schema.getTypeMap()).filter((one) => !one.name.startsWith("__"));
const withoutId = types
  .filter((one) => isObjectType(one) && !roots.includes(one) && !("id" in one.getFields()))
  .map((one) => one.name);
const possibleTypes = Object.fromEntries(
  types
    .filter(isAbstractType)
    .map((one) => [one.name, schema.getPossibleTypes(one).map((type) => type.name)]),
);

function readFromApollo() {
  const own = { keyFields: false, merge: true };
  const cache = new InMemoryCache({
    possibleTypes,
    typePolicies: {
      ...Object.fromEntries(withoutId.map((name) => [name, own])),
      Booklet: { fields: { accessRecords: relayStylePagination() } },
    },
  });
  const asked = answers.map(({ query, variables }) => ({ query: gql(query), variables }));
  answers.forEach(({ data }, at) => cache.writeQuery({ ...asked[at], data }));
  return asked.map((one) => cache.readQuery(one));
}

async function readFromUrql() {
  const served = () => (operations) =>
    pipe(
      operations,
      filter((operation) => operation.kind === "query"),
      map((operation) => ({
        operation: makeOperation(operation.kind, operation),
        data: answers[operation.context.at].data,
        stale: false,
        hasNext: false,
      })),
    );
  const client = new Client({
    url: "https://livret.example/graphql",
    exchanges: [
      cacheExchange({
        schema: introspectionFromSchema(schema, { descriptions: false }),
        keys: Object.fromEntries(withoutId.map((name) => [name, () => null])),
        resolvers: { Booklet: { accessRecords: relayPagination() } },
      }),
      served,
    ],
  });
  const told = [];
  for (const requestPolicy of ["network-only", "cache-only"]) {
    for (const [at, { query, variables }] of answers.entries()) {
      const result = await client.query(query, variables, { requestPolicy, at }).toPromise();
      if (result.error) throw result.error;
      if (requestPolicy === "cache-only") told.push(result.data ?? null);
    }
  }
  return told;
}

console.log(JSON.stringify({ apollo: readFromApollo(), urql: await readFromUrql() }));
