// A real OpenID provider (npm: oidc-provider, certified by the OpenID Foundation) for tests of sign-in.
//
//   node serve.mjs PORT FOLDER     FOLDER holds node_modules; prints "ready"
//   PUT /test/users/SUB            the claims of an account, as JSON
//   POST /test/rotate              other signing keys from now on
//
// Accounts sign in and consent at the forms that the package has for development, which take any password.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";

const [port, folder] = process.argv.slice(2);
const found = createRequire(`${folder}/`).resolve("oidc-provider");
const { Provider } = await import(pathToFileURL(found).href);
const issuer = `http://127.0.0.1:${port}`;
const accounts = new Map();

const key = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomUUID() };
};

const made = () => new Provider(issuer, {
  clients: [{
    client_id: "spawngate",
    client_secret: "a secret of the test",
    redirect_uris: ["http://testserver/login/callback"],
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  claims: {
    openid: ["sub"],
    profile: ["name", "preferred_username", "groups"],
    email: ["email", "email_verified"],
  },
  cookies: { keys: ["only for tests"] },
  jwks: { keys: [key()] },
  pkce: { required: () => true },
  findAccount: (context, sub) => ({ accountId: sub, claims: () => ({ sub, ...(accounts.get(sub) ?? {}) }) }),
});

let provider = made();
let answer = provider.callback();

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

createServer(async (request, response) => {
  if (request.method === "PUT" && request.url.startsWith("/test/users/")) {
    accounts.set(decodeURIComponent(request.url.slice("/test/users/".length)), JSON.parse(await body(request)));
    response.writeHead(204).end();
  } else if (request.method === "POST" && request.url === "/test/rotate") {
    provider = made();
    answer = provider.callback();
    response.writeHead(204).end();
  } else {
    await answer(request, response);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
