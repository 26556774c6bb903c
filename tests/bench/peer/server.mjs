// The peer: PostGraphile 5 on plain rows, tuned, with the token check of the service before it.
// node server.mjs FILE, where FILE holds { database, port, key, issuer, audience, modules } in JSON.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const told = JSON.parse(readFileSync(process.argv[2], "utf8"));
const load = createRequire(`${told.modules}/`); // it is installed outside of the checkout
const { postgraphile } = load("postgraphile");
const { PostGraphileAmberPreset } = load("postgraphile/presets/amber");
const { makePgService } = load("postgraphile/adaptors/pg");
const { grafserv } = load("postgraphile/grafserv/node");
const { extendSchema, gql } = load("postgraphile/utils");
const { context } = load("postgraphile/grafast");
const { GraphQLError } = load("postgraphile/graphql");

const key = createPublicKey({ key: told.key, format: "jwk" });
const verified = new Map();
const MOST_VERIFIED = 4096;

function part(text) {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
}

// As the service does: a signature is checked once, times and addresses at each request.
function claimsOf(authorization) {
  const token = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
  let claims = verified.get(token);
  if (claims === undefined) {
    const [head, payload, signature] = token.split(".");
    const given = { key, dsaEncoding: "ieee-p1363" };
    const signed = Buffer.from(`${head}.${payload}`);
    if (!signature || !verify("sha256", signed, given, Buffer.from(signature, "base64url"))) return null;
    claims = part(payload);
    if (verified.size >= MOST_VERIFIED) verified.delete(verified.keys().next().value);
    verified.set(token, claims);
  }
  const now = Date.now() / 1000;
  const holds = claims.exp > now && claims.iss === told.issuer && claims.aud === told.audience;
  return holds ? claims : null;
}

// The caller's own booklet, by the subject of the token, as `booklet` of the service.
const OwnBooklet = extendSchema((build) => ({
  typeDefs: gql`
    extend type Query {
      ownBooklet: Booklet
    }
  `,
  objects: {
    Query: {
      plans: {
        ownBooklet: () => build.pgResources.booklet.get({ person: context().get("subject") }),
      },
    },
  },
}));

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [OwnBooklet],
  pgServices: [
    makePgService({
      connectionString: told.database,
      schemas: ["peer"],
      poolConfig: { max: 10, min: 10, idleTimeoutMillis: 0 },
    }),
  ],
  schema: { defaultBehavior: "+connection +list" },
  grafast: {
    explain: false,
    context(request) {
      const claims = claimsOf(request.node?.req.headers.authorization);
      if (claims === null) throw new GraphQLError("INVALID_TOKEN");
      return { subject: claims.sub };
    },
  },
  grafserv: { graphiql: false, websockets: false, watch: false, parseAndValidateCacheSize: 500 },
};

const instance = postgraphile(preset);
const server = createServer();
server.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
const serving = instance.createServ(grafserv);
await serving.addTo(server);
server.keepAliveTimeout = 75_000;
server.listen(told.port, "127.0.0.1");
if (process.env.PEER_SCHEMA) {
  const { printSchema } = load("postgraphile/graphql");
  console.log(printSchema(await instance.getSchema()));
}
