// Runs the server audits of graphql-http against a URL and prints their results as JSON:
// [{ id, name, status, reason }], where status is ok, notice, warn or error.
import { serverAudits } from "graphql-http";

const results = [];
for (const audit of serverAudits({ url: process.argv[2] })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
