// Writes src/generated.ts: the types of src/operations.graphql, from the schema of a service.
// Usage: node generate.mjs [URL or file of the SDL]
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as documents from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildASTSchema, parse } from "graphql";

const from = process.argv[2] ?? "http://127.0.0.1:8000/schema.graphql";
const here = (name) => new URL(name, import.meta.url);

async function sdl() {
  if (!from.startsWith("http")) return readFileSync(from, "utf8");
  const answer = await fetch(from);
  if (!answer.ok) throw new Error(`${from} answers ${answer.status}`);
  return answer.text();
}

const schema = parse(await sdl());
const asked = "src/operations.graphql";
const generated = await codegen({
  filename: "src/generated.ts",
  schema,
  schemaAst: buildASTSchema(schema),
  documents: [{ location: asked, document: parse(readFileSync(here(asked), "utf8")) }],
  config: {
    scalars: JSON.parse(readFileSync(here("scalars.json"), "utf8")),
    strictScalars: true, // a scalar that the map does not know stops here
    futureProofEnums: true, // the compiler asks for a default branch
    documentMode: "string",
    useTypeImports: true,
  },
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations, documents },
});
writeFileSync(here("src/generated.ts"), generated);
