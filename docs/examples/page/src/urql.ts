import { Client, fetchExchange } from "@urql/core";
import { type Cache, cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import type { Api } from "./api.js";
import { introspection, withoutId } from "./cache.json";

const changed = (_result: unknown, _args: unknown, cache: Cache) => cache.invalidate("Query", "booklet");

export function urqlClient(graphql: string, token: () => Promise<string>): Client {
  return new Client({
    url: graphql,
    preferGetMethod: false, // urql sends short queries by GET otherwise, and they are refused
    fetch: async (uri, options) => {
      const headers = new Headers(options?.headers);
      headers.set("authorization", `Bearer ${await token()}`);
      return fetch(uri, { ...options, headers });
    },
    exchanges: [
      cacheExchange({
        schema: introspection as never,
        keys: Object.fromEntries(withoutId.map((name) => [name, () => null])),
        updates: {
          Mutation: { entryAdd: changed, entriesAdd: changed, entryRemove: changed, entryMove: changed },
        },
        resolvers: { Booklet: { accessRecords: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
}

export function byUrql(client: Client): Api {
  return {
    async query(query, variables) {
      const { data, error } = await client.query(query, variables, { requestPolicy: "network-only" });
      if (error !== undefined || data === undefined) throw error ?? new Error("No data.");
      return data;
    },
    async mutate(mutation, variables) {
      const { data, error } = await client.mutation(mutation, variables);
      if (error !== undefined || data === undefined) throw error ?? new Error("No data.");
      return data;
    },
  };
}
