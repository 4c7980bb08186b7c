#!/bin/sh
# @modelcontextprotocol/sdk 1.32.2 (npm), server and client of the same package, a tool with an `outputSchema` made of Zod.
# Behaviour: the server checks the structured content against the Zod shape, which takes unknown properties, and sends it as it is; the
# schema that it publishes says `additionalProperties: false`, and the client rejects the answer. Of arguments it is the other way: an
# unknown one is dropped without a word, so that a misspelt limit is no limit.
# Output seen: "Structured content does not match the tool's output schema: data must NOT have additional properties"; `{}` for {"limti": 3}.
# A good guess: one schema is checked the same on both sides, so that what the server lets through the client takes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 zod@4.1.13 >/dev/null
cat >look.mjs <<'NODE'
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

const server = new McpServer({ name: "look", version: "1.0.0" });
server.registerTool("held", { outputSchema: { count: z.number() } }, async () => ({
  content: [],
  structuredContent: { count: 1, service: "PDB" },
}));
server.registerTool("list", { inputSchema: { limit: z.number().optional() } }, async (given) => ({
  content: [{ type: "text", text: JSON.stringify(given) }],
}));
const [here, there] = InMemoryTransport.createLinkedPair();
const client = new Client({ name: "look", version: "1.0.0" });
await Promise.all([server.connect(here), client.connect(there)]);
await client.listTools();
const held = await client.callTool({ name: "held", arguments: {} }).then(() => "taken", ({ message }) => message);
const list = await client.callTool({ name: "list", arguments: { limti: 3 } });
console.log(held, "|", list.content[0].text);
if (!held.includes("additional properties") || list.content[0].text !== "{}") process.exit(1);
process.exit(0);
NODE
node look.mjs
echo "still so"
