// Logs in with openid-client and prints what came of it as one line of JSON.
// Arguments: issuer, client id, client secret (or private JWK), scenario and, after a dash, the client authentication.
import * as oidc from "openid-client";

const [issuer, clientId, clientSecret, scenario] = process.argv.slice(2);
const redirectUri = "http://127.0.0.1:9/callback";
const insecure = { execute: [oidc.allowInsecureRequests] };

// What a browser does, without one: the provider approves by itself.
async function visit(url) {
  const answer = await fetch(url, { redirect: "manual" });
  return new URL(answer.headers.get("location"));
}

async function login(config, options = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid email",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...options,
  });
  return oidc.authorizationCodeGrant(config, await visit(url), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

const scenarios = {
  async code(config) {
    const tokens = await login(config);
    const claims = tokens.claims();
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    const before = await oidc.tokenIntrospection(config, refreshed.access_token);
    await oidc.tokenRevocation(config, refreshed.access_token);
    const after = await oidc.tokenIntrospection(config, refreshed.access_token);
    const logout = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: redirectUri,
      state: "bye",
    });
    const back = await visit(logout);
    return {
      sub: claims.sub,
      email: info.email,
      rotated: refreshed.refresh_token !== tokens.refresh_token,
      active: [before.active, after.active],
      loggedOut: back.href,
    };
  },
  async login(config) {
    return { sub: (await login(config)).claims().sub };
  },
  async credentials(config) {
    const tokens = await oidc.clientCredentialsGrant(config, { scope: "api" });
    return { scope: tokens.scope, type: tokens.token_type };
  },
  async device(config) {
    const begun = await oidc.initiateDeviceAuthorization(config, { scope: "openid" });
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, begun);
    return { sub: tokens.claims().sub };
  },
  async flawed(config) {
    try {
      await login(config);
    } catch (error) {
      return { refused: error.cause?.message ?? error.message };
    }
    return { refused: null };
  },
};

async function signingKey(jwk) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return { key: await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]), kid: jwk.kid };
}

const [name, method] = scenario.split("-");
const authentication = {
  post: () => oidc.ClientSecretPost(clientSecret),
  jwt: async () => oidc.PrivateKeyJwt(await signingKey(JSON.parse(clientSecret))),
  none: () => oidc.None(),
  basic: () => oidc.ClientSecretBasic(clientSecret),
}[method ?? "basic"];
const config = await oidc.discovery(new URL(issuer), clientId, undefined, await authentication(), insecure);
oidc.enableNonRepudiationChecks(config); // has it verify ID token signatures by the JWKS, too
console.log(JSON.stringify(await scenarios[name](config)));
