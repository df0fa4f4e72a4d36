// Written by `spawngate protect` and removed by `spawngate unprotect`. Changes are found and reported.
import { spawn } from "node:child_process"

const ARGV = "__ARGV__"
const CLOSED = "__CLOSED__"
const DEADLINE = "__DEADLINE__"
const LIMIT = 1024 * 1024
// What a repository may have put into our environment to reach the client before it runs.
const FOREIGN = /^(LD_|DYLD_|PYTHON|NODE_OPTIONS$|NODE_PATH$|BASH_ENV$|ENV$|GCONV_PATH$|MALLOC_|GLIBC_TUNABLES$)/

function failed(why) {
  if (!CLOSED) return { verdict: "none", reason: "" }
  const reason =
    "Spawngate could not decide about this call (" + why + "), so it was refused. Do not try another way to the same" +
    " end. A person can look at it with `spawngate status`."
  return { verdict: "deny", reason }
}

function understood(text) {
  const answer = JSON.parse(text)
  if (answer && answer.verdict === "none") return { verdict: "none", reason: "" }
  if (answer && (answer.verdict === "deny" || answer.verdict === "ask")) {
    return { verdict: answer.verdict, reason: String(answer.reason || "refused") }
  }
  return failed("its answer was not understood")
}

// Asks once. Never rejects, never waits longer than the deadline, leaves nothing running.
function decide(call) {
  return new Promise((resolve) => {
    let child
    let open = true
    const end = (answer) => {
      if (!open) return
      open = false
      clearTimeout(timer)
      resolve(answer)
      try {
        if (child && child.exitCode === null) child.kill("SIGKILL")
      } catch {}
    }
    const timer = setTimeout(() => end(failed("no answer in time")), DEADLINE)
    try {
      const payload = JSON.stringify(call)
      const environment = {}
      for (const [name, value] of Object.entries(process.env)) if (!FOREIGN.test(name)) environment[name] = value
      child = spawn(ARGV[0], ARGV.slice(1), { stdio: ["pipe", "pipe", "ignore"], env: environment, windowsHide: true })
      const chunks = []
      let size = 0
      child.on("error", () => end(failed("its client did not start")))
      child.stdin.on("error", () => {})
      child.stdout.on("error", () => {})
      child.stdout.on("data", (chunk) => {
        size += chunk.length
        if (size > LIMIT) end(failed("its answer was too long"))
        else chunks.push(chunk)
      })
      child.on("close", (code) => {
        if (code !== 0) return end(failed("its client failed"))
        try {
          end(understood(Buffer.concat(chunks).toString("utf8")))
        } catch {
          end(failed("its answer was not understood"))
        }
      })
      child.stdin.end(payload)
    } catch {
      end(failed("its client did not start"))
    }
  })
}

