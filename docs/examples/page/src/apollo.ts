import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import type { Api } from "./api.js";
import { possibleTypes, withoutId } from "./cache.json";

const own = { keyFields: false, merge: true } as const; // two selections of one object add up

export function apolloClient(graphql: string, token: () => Promise<string>): ApolloClient {
  const cache = new InMemoryCache({
    possibleTypes,
    typePolicies: {
      ...Object.fromEntries(withoutId.map((name) => [name, own])),
      Booklet: {
        fields: {
          accessRecords: relayStylePagination(), // one list, whatever the page
        },
      },
    },
  });
  return new ApolloClient({
    cache,
    link: new HttpLink({
      uri: graphql, // POST is its default
      fetch: async (uri, options) => {
        const headers = new Headers(options?.headers);
        headers.set("authorization", `Bearer ${await token()}`);
        return fetch(uri, { ...options, headers });
      },
    }),
  });
}

export function byApollo(client: ApolloClient): Api {
  return {
    async query(query, variables) {
      const { data } = await client.query({ query, variables, fetchPolicy: "network-only" } as never);
      return data as never;
    },
    async mutate(mutation, variables) {
      const { data } = await client.mutate({ mutation, variables } as never);
      client.cache.evict({ id: "ROOT_QUERY", fieldName: "booklet" });
      return data as never;
    },
  };
}
