// OpenClaw: docs/plugins/hooks.md of its repository. A handler that runs into the agent's time-out is skipped, so our
// deadline lies well under it.
export default function (api) {
  api.on(
    "before_tool_call",
    async (event, ctx) => {
      const answer = await decide({
        hook_event_name: "before_tool_call",
        tool_name: event.toolName,
        tool_input: event.params || {},
        session_id: (ctx && ctx.sessionKey) || event.runId,
        tool_use_id: event.toolCallId,
        cwd: process.cwd(),
      })
      if (answer.verdict === "none") return undefined
      if (answer.verdict === "ask") {
        return {
          requireApproval: {
            title: "Spawngate",
            description: answer.reason,
            severity: "warning",
            timeoutMs: 120000,
            timeoutBehavior: "deny",
          },
        }
      }
      return { block: true, blockReason: answer.reason }
    },
    { priority: 1000, timeoutMs: 10000 },
  )
}
