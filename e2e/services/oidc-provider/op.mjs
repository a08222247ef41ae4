// Settings only, plus a log of what was granted and one guarded route (/api/whoami) that asks the provider's own token stores.
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';
const P = process.env.PORT, AT = Number(process.env.ACCESS_SECONDS), redirect_uris = process.env.REDIRECT_URIS.split(',');
const code = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], redirect_uris, application_type: 'native' };
// A client's key pair; the provider knows its public half only.
const { d, ...publicKey } = JSON.parse(readFileSync(new URL('client-key.json', import.meta.url)));
const signed = { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [publicKey] } };
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const p = new Provider(`http://127.0.0.1:${P}`, {
  clients: [
    { client_id: 'web', client_secret: 'web-secret', token_endpoint_auth_method: 'client_secret_basic', ...code },
    { client_id: 'webpost', client_secret: 'webpost-secret', token_endpoint_auth_method: 'client_secret_post', ...code },
    { client_id: 'public', token_endpoint_auth_method: 'none', ...code },
    { client_id: 'machine', client_secret: 'machine-secret', grant_types: ['client_credentials'], response_types: [], redirect_uris: [], token_endpoint_auth_method: 'client_secret_basic' },
    { client_id: 'signed', require_pushed_authorization_requests: true, ...signed, ...code },
    { client_id: 'bound', token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true, ...code },
    { client_id: 'tv', token_endpoint_auth_method: 'none', grant_types: [deviceGrant, 'refresh_token'], response_types: [], redirect_uris: [], application_type: 'native' },
  ],
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', 'api:read'],
  cookies: { keys: ['not-a-secret'] },
  features: { devInteractions: { enabled: true }, clientCredentials: { enabled: true }, deviceFlow: { enabled: true }, pushedAuthorizationRequests: { enabled: true }, introspection: { enabled: true }, revocation: { enabled: true }, dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true, allowReplay: false } },
  rotateRefreshToken: true,
  clockTolerance: 0,
  ttl: { AccessToken: AT, ClientCredentials: AT, RefreshToken: 86400, AuthorizationCode: 60, IdToken: 3600, Interaction: 3600, Session: 86400, Grant: 86400 },
});
p.on('grant.success', (ctx) =>
  console.log('granted', ctx.oidc.params.grant_type, 'until', Math.floor(Date.now() / 1000) + ctx.body.expires_in));
p.on('grant.revoked', () => console.log('revoked'));
p.on('grant.error', (ctx, error) => console.log('refused', ctx.oidc.params?.grant_type, error.message));
p.use(async (ctx, next) => {
  if (ctx.path !== '/api/whoami') return next();
  const t = (ctx.get('authorization').match(/^Bearer (.+)$/) || [])[1];
  const tok = t && ((await p.AccessToken.find(t)) || (await p.ClientCredentials.find(t)));
  if (!tok || tok.isExpired) { ctx.status = 401; ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"'); ctx.body = { error: 'invalid_token' }; return; }
  ctx.body = { kind: tok.kind, sub: tok.accountId || null, client: tok.clientId, scope: tok.scope || '', left: tok.remainingTTL };
});
p.listen(Number(P), '127.0.0.1');
