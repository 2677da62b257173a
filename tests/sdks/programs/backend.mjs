// The backend SDK for Node, from create to delete and an error; prints what it got as JSON.
import { B2BClient } from "stytch";

const [env, project_id, secret, organization_id, issuer] = process.argv.slice(2);
const oidc = new B2BClient({ project_id, secret, env }).sso.oidc;
const sso = new B2BClient({ project_id, secret, env }).sso;

const created = await oidc.createConnection({ organization_id, display_name: "From Node" });
const connection_id = created.connection.connection_id;
const updated = await oidc.updateConnection({
  organization_id,
  connection_id,
  client_id: "client",
  client_secret: "made-up",
  issuer,
  custom_scopes: "openid email",
  attribute_mapping: { email: "mail" },
});
const listed = await sso.getConnections({ organization_id });
const deleted = await sso.deleteConnection({ organization_id, connection_id });
const refused = await oidc.updateConnection({ organization_id, connection_id, display_name: "Gone" }).catch((e) => e);

console.log(
  JSON.stringify({
    connection_id,
    updated,
    listed: listed.oidc_connections.map((connection) => connection.connection_id),
    deleted: deleted.connection_id,
    refused: { name: refused.constructor.name, status_code: refused.status_code, error_type: refused.error_type },
  }),
);
