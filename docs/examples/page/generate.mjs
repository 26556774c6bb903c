// Writes src/generated.ts (the types of src/operations.graphql) and src/cache.json (what a normalised
// cache must know) from the schema of a service.
// Usage: node generate.mjs [URL or file of the SDL]
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as documents from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildASTSchema, introspectionFromSchema, isAbstractType, isObjectType, parse } from "graphql";

const from = process.argv[2] ?? "http://127.0.0.1:8000/schema.graphql";
const here = (name) => new URL(name, import.meta.url);

const ast = parse(from.startsWith("http") ? await (await fetch(from)).text() : readFileSync(from, "utf8"));
const schema = buildASTSchema(ast);
const asked = "src/operations.graphql";
const generated = await codegen({
  filename: "src/generated.ts",
  schema: ast,
  schemaAst: schema,
  documents: [{ location: asked, document: parse(readFileSync(here(asked), "utf8")) }],
  config: {
    scalars: { Date: "string", DateTime: "string", JSON: "unknown" },
    strictScalars: true,
    futureProofEnums: true,
    useTypeImports: true,
  },
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations, documents },
});
writeFileSync(here("src/generated.ts"), generated);

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
const introspection = introspectionFromSchema(schema, { descriptions: false });
writeFileSync(here("src/cache.json"), JSON.stringify({ withoutId, possibleTypes, introspection }));
