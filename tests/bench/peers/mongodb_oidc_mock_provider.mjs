import { OIDCMockProvider } from "@mongodb-js/oidc-mock-provider";

await OIDCMockProvider.create({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  getTokenPayload: () => ({ expires_in: 3600, payload: {} }),
});
