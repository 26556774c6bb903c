// Bundles the page into dist/: index.html and one script. Usage: node build.mjs
import { cpSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  define: { "globalThis.__DEV__": "false" }, // Apollo Client's own messages
  outfile: "dist/main.js",
});
cpSync("index.html", "dist/index.html");
cpSync("index.html", "dist/retour.html"); // where the issuer sends the browser back to
