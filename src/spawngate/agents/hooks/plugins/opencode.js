// OpenCode 1.x takes `server` of the default export, 2.x takes `setup`. There is no other export: the loader of 1.x throws
// a file away that has a named one which is no function.
async function setup(ctx) {
  const directory = ctx && (ctx.directory || (ctx.location && ctx.location.directory))
  const call = (name, event, extra) => ({
    hook_event_name: name,
    session_id: event && event.sessionID,
    agent: event && event.agent,
    tool_use_id: event && event.id,
    cwd: typeof directory === "string" ? directory : undefined,
    ...extra,
  })
  await ctx.tool.hook("execute.before", async (event) => {
    const answer = await decide(
      call("execute.before", event, { tool_name: event && event.tool, tool_input: (event && event.input) || {} }),
    )
    // A question that `evaluate` should have asked is refused here: builds differ in which of the two comes first.
    if (answer.verdict !== "none") throw new Error(answer.reason)
  })
}

export default { id: "spawngate", server, setup }
