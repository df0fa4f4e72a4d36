// A client of the official TypeScript SDK, 1.x: starts the server that the command line names, lists its tools, ends.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { list } from "./list.mjs";

await list(Client, StdioClientTransport);
