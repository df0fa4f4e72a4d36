// Pi: packages/coding-agent/docs/extensions.md of its repository.
export default function (pi) {
  pi.on("tool_call", async (event, ctx) => {
    const answer = await decide({
      hook_event_name: "tool_call",
      tool_name: event.toolName,
      tool_input: event.input || {},
      tool_use_id: event.toolCallId,
      cwd: (ctx && ctx.cwd) || process.cwd(),
    })
    if (answer.verdict === "none") return undefined
    if (answer.verdict === "ask" && ctx && ctx.hasUI) {
      const yes = await ctx.ui.confirm("Allow " + event.toolName + "?", answer.reason).catch(() => false)
      if (yes === true) return undefined
    }
    return { block: true, reason: answer.reason }
  })
}
