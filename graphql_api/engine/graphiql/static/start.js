/* Starts GraphiQL on the page's own address, as whoever the browser is signed in as. */
"use strict";

// Some parts write style elements, which the page allows under its nonce only.
globalThis.__webpack_nonce__ = document.currentScript.nonce;

const WELCOME = `# Livret : console GraphQL
#
# Ctrl-Entrée exécute, Ctrl-Espace complète.
# Le schéma est à gauche, sous l’icône du livre.
#
# Connectez-vous à /sign-in,
# ou donnez un jeton sous « Headers » :
# { "authorization": "Bearer …" }

query MonLivret {
  booklet {
    id
    state
  }
}
`;

async function ask(question, options) {
  const answer = await fetch(location.pathname, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      accept: "application/graphql-response+json",
      "content-type": "application/json",
      "graphql-require-preflight": "1",
      ...options?.headers,
    },
    body: JSON.stringify(question),
  });
  return answer.json();
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher: ask, defaultQuery: WELCOME }),
);
