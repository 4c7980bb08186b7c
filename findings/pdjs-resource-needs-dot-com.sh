#!/bin/sh
# @pagerduty/pdjs 2.2.4 (npm), PagerDuty's own client, with its option `server` pointed at another host: a proxy inside a company, a double.
# Behaviour: the client learns what an answer is about from the request's URL, by a pattern that wants "com" and a slash before the resource. On
# any other host `resource` is null beside data that are there, and `all` rejects with a TypeError after it has read every page. An
# array among the parameters is repeated under its bare name (`service_ids=A&service_ids=B`); only who writes `service_ids[]` gets the brackets
# that PagerDuty documents.
# Output seen: "resource of one page: null, incidents in its data: 25"; "all: TypeError after 3 requests"; service_ids=A&service_ids=B.
# A good guess: `server` may be any host that answers as PagerDuty does, since the answer's own key names the resource.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund @pagerduty/pdjs@2.2.4 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=localhost \
  -addext "subjectAltName=DNS:localhost" 2>/dev/null
cat >look.mjs <<'NODE'
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import pdjs from "@pagerduty/pdjs";

const asked = [];
const files = { key: readFileSync("key.pem"), cert: readFileSync("certificate.pem") };
const server = createServer(files, (request, response) => {
  const { searchParams } = new URL(request.url, "https://localhost");
  asked.push(request.url);
  const [offset, limit] = [Number(searchParams.get("offset") ?? 0), 25];
  const incidents = Array.from({ length: Math.min(limit, 60 - offset) }, (_, i) => ({ id: `P${offset + i}` }));
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ incidents, offset, limit, more: offset + limit < 60, total: null }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const client = pdjs.api({ token: "none", server: `localhost:${server.address().port}` });
const page = await client.get("/incidents", { data: { service_ids: ["A", "B"] } });
const [one] = asked.splice(0);
const all = await client.all("/incidents").then(() => "an answer", (error) => error.constructor.name);
console.log("resource of one page:", page.resource, "incidents in its data:", page.data.incidents.length);
console.log("all:", all, "after", asked.length, "requests;", one);
const isSo = page.resource === null && page.data.incidents.length === 25 && all === "TypeError" && asked.length === 3;
process.exit(isSo && one === "/incidents?service_ids=A&service_ids=B" ? 0 : 1);
NODE
NODE_EXTRA_CA_CERTS=$folder/certificate.pem node look.mjs
echo "still so"
