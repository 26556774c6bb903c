// What the page asks of a GraphQL client, whichever it is.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

type Document<Data, Variables> = TypedDocumentNode<Data, Variables>;

export interface Api {
  /** The data, from the service. Throws where the answer has errors. */
  query<Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables): Promise<Data>;
  /** The data of a mutation; what the cache can no longer know is asked for again. */
  mutate<Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables): Promise<Data>;
}
