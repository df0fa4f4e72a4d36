// A server of the official TypeScript SDK (1.x) that offers what the official conformance suite's server scenarios ask
// for (their texts: `conformance list`, github.com/modelcontextprotocol/conformance).
//
//   node server.mjs stdio | node server.mjs http PORT
//
// Must not be here: anything about Spawngate, and what the suite makes of the answers.
import http from "node:http";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as types from "@modelcontextprotocol/sdk/types.js";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const text = (text) => ({ type: "text", text });
const image = { type: "image", data: PNG, mimeType: "image/png" };
const resource = (uri, mimeType, text) => ({ type: "resource", resource: { uri, mimeType, text } });
const object = (properties = {}, required = []) => ({ type: "object", properties, required });
const titled = (values, title) => values.map((value, at) => ({ const: value, title: title[at] }));

const elicit = async (extra, message, requestedSchema) => {
  const asked = { method: "elicitation/create", params: { message, requestedSchema } };
  const { action, content } = await extra.sendRequest(asked, types.ElicitResultSchema);
  return `action=${action}, content=${JSON.stringify(content ?? {})}`;
};

const TOOLS = {
  test_simple_text: async () => [text("This is a simple text response for testing.")],
  test_image_content: async () => [image],
  test_audio_content: async () => [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
  test_embedded_resource: async () => [
    resource("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ],
  test_multiple_content_types: async () => [
    text("Multiple content types test:"),
    image,
    resource("test://mixed-content-resource", "application/json", JSON.stringify({ test: "data", value: 123 })),
  ],
  test_tool_with_logging: async (_arguments, extra) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await extra.sendNotification({ method: "notifications/message", params: { level: "info", data } });
      await sleep(50);
    }
    return [text("logged")];
  },
  test_tool_with_progress: async (_arguments, extra) => {
    const progressToken = extra._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100 };
      if (progressToken !== undefined) await extra.sendNotification({ method: "notifications/progress", params });
      await sleep(50);
    }
    return [text("done")];
  },
  test_error_handling: async () => {
    throw new Error("This tool intentionally returns an error for testing");
  },
  test_sampling: async ({ prompt }, extra) => {
    const params = { messages: [{ role: "user", content: text(prompt) }], maxTokens: 100 };
    const answer = await extra.sendRequest({ method: "sampling/createMessage", params }, types.CreateMessageResultSchema);
    return [text(`LLM response: ${answer.content.text}`)];
  },
  test_elicitation: async ({ message }, extra) => {
    const field = (description) => ({ type: "string", description });
    const schema = object({ username: field("User's response"), email: field("User's email address") }, ["username", "email"]);
    return [text(`User response: ${await elicit(extra, message, schema)}`)];
  },
  test_elicitation_sep1034_defaults: async (_arguments, extra) => {
    const schema = object({
      name: { type: "string", default: "John Doe" },
      age: { type: "integer", default: 30 },
      score: { type: "number", default: 95.5 },
      status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
      verified: { type: "boolean", default: true },
    });
    return [text(`Elicitation completed: ${await elicit(extra, "defaults", schema)}`)];
  },
  test_elicitation_sep1330_enums: async (_arguments, extra) => {
    const options = ["option1", "option2", "option3"];
    const values = ["value1", "value2", "value3"];
    const schema = object({
      untitledSingle: { type: "string", enum: options },
      titledSingle: { type: "string", oneOf: titled(values, ["First Option", "Second Option", "Third Option"]) },
      legacyEnum: {
        type: "string",
        enum: ["opt1", "opt2", "opt3"],
        enumNames: ["Option One", "Option Two", "Option Three"],
      },
      untitledMulti: { type: "array", items: { type: "string", enum: options } },
      titledMulti: {
        type: "array",
        items: { anyOf: titled(values, ["First Choice", "Second Choice", "Third Choice"]) },
      },
    });
    return [text(`Elicitation completed: ${await elicit(extra, "enums", schema)}`)];
  },
  json_schema_2020_12_tool: async (given) => [text(JSON.stringify(given))],
};
const SCHEMAS = {
  test_sampling: object({ prompt: { type: "string" } }, ["prompt"]),
  test_elicitation: object({ message: { type: "string" } }, ["message"]),
  json_schema_2020_12_tool: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { address: object({ street: { type: "string" }, city: { type: "string" } }) },
    type: "object",
    properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
    additionalProperties: false,
  },
};
const argument = (name) => ({ name, description: name, required: true });
const user = (content) => ({ role: "user", content });
const PROMPTS = {
  test_simple_prompt: [[], () => [user(text("This is a simple prompt for testing."))]],
  test_prompt_with_arguments: [
    [argument("arg1"), argument("arg2")],
    ({ arg1, arg2 }) => [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  ],
  test_prompt_with_embedded_resource: [
    [argument("resourceUri")],
    ({ resourceUri }) => [
      user(resource(resourceUri, "text/plain", "Embedded resource content for testing.")),
      user(text("Please process the embedded resource above.")),
    ],
  ],
  test_prompt_with_image: [[], () => [user(image), user(text("Please analyze the image above."))]],
};
const RESOURCES = {
  "test://static-text": ["text/plain", { text: "This is the content of the static text resource." }],
  "test://static-binary": ["image/png", { blob: PNG }],
  "test://watched-resource": ["text/plain", { text: "watched" }],
};

function read(uri) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const data = { id, templateTest: true, data: `Data for ID: ${id}` };
    return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(data) }] };
  }
  if (!(uri in RESOURCES)) throw new types.McpError(types.ErrorCode.InvalidParams, `no resource ${uri}`);
  const [mimeType, content] = RESOURCES[uri];
  return { contents: [{ uri, mimeType, ...content }] };
}

function serve() {
  const capabilities = { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} };
  const server = new Server({ name: "conformance", version: "1.0.0" }, { capabilities });
  server.setRequestHandler(types.ListToolsRequestSchema, async () => ({
    tools: Object.keys(TOOLS).map((name) => ({ name, description: name, inputSchema: SCHEMAS[name] ?? object() })),
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, extra) => {
    try {
      return { content: await TOOLS[params.name](params.arguments ?? {}, extra) };
    } catch (problem) {
      return { isError: true, content: [text(problem.message)] };
    }
  });
  server.setRequestHandler(types.ListPromptsRequestSchema, async () => ({
    prompts: Object.entries(PROMPTS).map(([name, [given]]) => ({ name, description: name, arguments: given })),
  }));
  server.setRequestHandler(types.GetPromptRequestSchema, async ({ params }) => ({
    messages: PROMPTS[params.name][1](params.arguments ?? {}),
  }));
  server.setRequestHandler(types.ListResourcesRequestSchema, async () => ({
    resources: Object.entries(RESOURCES).map(([uri, [mimeType]]) => ({ uri, name: uri, description: uri, mimeType })),
  }));
  server.setRequestHandler(types.ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: [{ uriTemplate: "test://template/{id}/data", name: "template", mimeType: "application/json" }],
  }));
  server.setRequestHandler(types.ReadResourceRequestSchema, async ({ params }) => read(params.uri));
  server.setRequestHandler(types.SubscribeRequestSchema, async () => ({}));
  server.setRequestHandler(types.UnsubscribeRequestSchema, async () => ({}));
  server.setRequestHandler(types.CompleteRequestSchema, async ({ params }) => {
    const values = ["paris", "park", "party"].filter((value) => value.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return server;
}

async function overHttp(port) {
  const sessions = new Map();
  const listener = http.createServer(async (request, response) => {
    let transport = sessions.get(request.headers["mcp-session-id"]);
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => sessions.set(id, transport),
        enableDnsRebindingProtection: true,
        allowedHosts: [`127.0.0.1:${port}`, `localhost:${port}`],
        allowedOrigins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
      });
      await serve().connect(transport);
    }
    await transport.handleRequest(request, response);
  });
  listener.listen(port, "127.0.0.1", () => console.error("listening"));
}

if (process.argv[2] === "http") await overHttp(Number(process.argv[3]));
else await serve().connect(new StdioServerTransport());
