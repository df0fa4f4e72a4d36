// node --import <this file> program.js: every MCP server that the program starts goes through Spawngate's launcher.
import { createRequire } from "node:module";

createRequire(import.meta.url)("./guard.cjs");
