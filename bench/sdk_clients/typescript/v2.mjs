// A client of the official TypeScript SDK, 2.x: starts the server that the command line names, lists its tools, ends.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { list } from "./list.mjs";

await list(Client, StdioClientTransport);
