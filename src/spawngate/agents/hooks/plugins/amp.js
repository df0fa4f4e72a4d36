// Amp: https://ampcode.com/manual#plugins
export default function (amp) {
  amp.on("tool.call", async (event, ctx) => {
    const answer = await decide({
      hook_event_name: "tool.call",
      tool_name: event.tool,
      tool_input: event.input || {},
      session_id: event.thread && event.thread.id,
      tool_use_id: event.toolUseID,
      cwd: process.cwd(),
    })
    if (answer.verdict === "none") return { action: "allow" }
    if (answer.verdict === "ask") {
      try {
        // Throws where nobody can be asked; then the call is refused.
        const yes = await ctx.ui.confirm({
          title: "Allow " + event.tool + "?",
          message: answer.reason,
          confirmButtonText: "Allow",
        })
        if (yes === true) return { action: "allow" }
      } catch {}
    }
    return { action: "reject-and-continue", message: answer.reason }
  })
}
