// Lets the conformance suite, which speaks HTTP, at a STDIO server: each session starts COMMAND through the official
// TypeScript SDK's client transport, and messages pass from transport to transport as they are.
//
//   node gateway.mjs PORT COMMAND [ARG...]
//
// Must not be here: any reading of the messages.
import http from "node:http";
import { randomUUID } from "node:crypto";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

const [port, command, ...args] = process.argv.slice(2);
const sessions = new Map();

async function open() {
  const stdio = new StdioClientTransport({ command, args, env: process.env });
  const outer = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, outer),
    enableDnsRebindingProtection: true,
    allowedHosts: [`127.0.0.1:${port}`, `localhost:${port}`],
    allowedOrigins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
  });
  // A message of the server that belongs to a call goes into that call's stream, where the HTTP client reads it.
  const open = new Set();
  outer.onmessage = (message) => {
    if ("method" in message && "id" in message) open.add(message.id);
    void stdio.send(message);
  };
  stdio.onmessage = (message) => {
    if (!("method" in message)) open.delete(message.id);
    void outer.send(message, { relatedRequestId: [...open].at(-1) });
  };
  outer.onclose = () => void stdio.close();
  await stdio.start();
  await outer.start();
  return outer;
}

const listener = http.createServer(async (request, response) => {
  const outer = sessions.get(request.headers["mcp-session-id"]) ?? (await open());
  await outer.handleRequest(request, response);
});
listener.listen(Number(port), "127.0.0.1", () => console.error("listening"));
