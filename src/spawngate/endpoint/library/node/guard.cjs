// Puts Spawngate's launcher in front of the MCP servers that this program starts.
//
// Every child process of Node.js, however it is asked for, begins in ChildProcess.prototype.spawn (lib/internal/
// child_process.js). There a start is known for one of an MCP server by who asks for it: the official SDK's
// StdioClientTransport, by its class or by the package that it lies in. What is started then is the launcher, with the
// server's command line behind it; the launcher decides. Without a launcher nothing is started.
//
// Belongs here: that. Must not be here: decisions. A bundle that shortens the class's name away is not seen; `spawngate
// supervise` sees it.
"use strict";

const { ChildProcess } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const ASKS = /\bStdioClientTransport\b|[\\/]@modelcontextprotocol[\\/](?:sdk|client)[\\/]/;
const FRAMES = 64;
const spawn = ChildProcess.prototype.spawn;
const { apply } = Reflect;

function stateFolder(environment) {
  if (environment.SPAWNGATE_STATE_DIR) return environment.SPAWNGATE_STATE_DIR;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library/Application Support/Spawngate");
  return path.join(environment.XDG_STATE_HOME || path.join(os.homedir(), ".local/state"), "spawngate");
}

// Looked up once, when the program starts: what it writes into its environment later changes nothing.
const folder = path.join(stateFolder(process.env), "launcher");
const native = path.join(folder, "spawngate-launch");
const python = path.join(folder, "spawngate_launch.py");

// Words that start the launcher.
function launcher() {
  try {
    fs.accessSync(native, fs.constants.X_OK);
    return [native];
  } catch {
    const interpreter = fs.existsSync(python) ? interpreterOf(path.join(folder, "launch.conf")) : "";
    if (interpreter) return [interpreter, "-I", "-S", "-B", python];
  }
  const refusal = new Error(
    `Spawngate: no MCP server is started, because there is no launcher at ${native}; ` +
      "`spawngate protect --launches` puts it there.",
  );
  refusal.code = "EACCES";
  throw refusal;
}

// The interpreter that launch.conf names (src/spawngate/model/launchconf.py); nothing where it names none.
function interpreterOf(conf) {
  try {
    const match = /^interpreter (\/\S*)$/m.exec(fs.readFileSync(conf, "ascii"));
    return match ? decodeURIComponent(match[1]) : "";
  } catch {
    return "";
  }
}

function startsServer() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = undefined;
  try {
    return ASKS.test(String(new Error().stack));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

ChildProcess.prototype.spawn = function guardedSpawn(options) {
  if (!options || typeof options.file !== "string" || !startsServer()) return apply(spawn, this, [options]);
  const [program, ...before] = launcher();
  // args[0] is the name that the program sees as its own, and no argument.
  const words = Array.isArray(options.args) && options.args.length > 0 ? options.args.slice(1) : [];
  const args = [program, ...before, "--id", "library:node", "--", options.file, ...words];
  return apply(spawn, this, [{ ...options, file: program, args }]);
};
