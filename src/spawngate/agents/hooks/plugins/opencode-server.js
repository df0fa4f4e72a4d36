// The hook of OpenCode 1.x: packages/plugin/src of its repository.
async function server({ directory } = {}) {
  return {
    "tool.execute.before": async (input, output) => {
      const answer = await decide({
        hook_event_name: "tool.execute.before",
        tool_name: input && input.tool,
        tool_input: (output && output.args) || {},
        session_id: input && input.sessionID,
        tool_use_id: input && input.callID,
        cwd: directory,
      })
      // This line has no way to ask, and an error is its only way to refuse.
      if (answer.verdict !== "none") throw new Error(answer.reason)
    },
  }
}

