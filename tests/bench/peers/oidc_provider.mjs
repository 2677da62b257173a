import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, alg] = process.argv.slice(2);
const pair = alg === "ES256"
  ? generateKeyPairSync("ec", { namedCurve: "P-256" })
  : generateKeyPairSync("rsa", { modulusLength: 2048 });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "bench",
    client_secret: "not-a-secret",
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: alg,
  }],
  jwks: { keys: [{ ...pair.privateKey.export({ format: "jwk" }), alg, use: "sig", kid: "bench" }] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:bench",
      // A signed token, as the others give, and not an opaque one.
      getResourceServerInfo: () => ({ scope: "api", accessTokenFormat: "jwt", jwt: { sign: { alg } } }),
    },
  },
});
provider.listen(Number(port), "127.0.0.1");
