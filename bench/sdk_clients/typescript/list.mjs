export async function list(Client, StdioClientTransport) {
  const [command, ...args] = process.argv.slice(2);
  const client = new Client({ name: "sdk-client", version: "0" });
  try {
    await client.connect(new StdioClientTransport({ command, args }), { timeout: 30000 });
    for (const tool of (await client.listTools()).tools) console.log(tool.name);
    await client.close();
  } catch (problem) {
    console.error(String(problem));
    await client.close().catch(() => {});
    process.exitCode = 1;
  }
}
