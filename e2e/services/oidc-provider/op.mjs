// Settings, a log of what was granted, the grant of RFC 8693, which the provider leaves to its operators, and two guarded
// routes that ask the provider's own token stores: /api/whoami, and /api/close, which wants a sign-in of just now (RFC 9470).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { errors, Provider } from 'oidc-provider';
// TLS is a folder with server.pem, server.key and ca.pem, by which clients' certificates are judged; without it, plain http.
const P = process.env.PORT, TLS = process.env.TLS, AT = Number(process.env.ACCESS_SECONDS), redirect_uris = process.env.REDIRECT_URIS.split(',');
const code = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], redirect_uris, application_type: 'native' };
// A client's key pair; the provider knows its public half only.
const { d, ...publicKey } = JSON.parse(readFileSync(new URL('client-key.json', import.meta.url)));
const signed = { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [publicKey] } };
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const certificate = (ctx) => ctx.socket.getPeerCertificate?.()?.raw;
const pem = (der) => der && `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----`;
const mTLS = {
  enabled: Boolean(TLS), tlsClientAuth: true, certificateBoundAccessTokens: true,
  getCertificate: (ctx) => pem(certificate(ctx)),
  certificateAuthorized: (ctx) => ctx.socket.authorized,
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_san_dns' && ctx.socket.getPeerCertificate().subjectaltname === `DNS:${expected}`,
};
const p = new Provider(`${TLS ? 'https' : 'http'}://127.0.0.1:${P}`, {
  clients: [
    { client_id: 'web', client_secret: 'web-secret', token_endpoint_auth_method: 'client_secret_basic', ...code },
    { client_id: 'webpost', client_secret: 'webpost-secret', token_endpoint_auth_method: 'client_secret_post', ...code },
    { client_id: 'public', token_endpoint_auth_method: 'none', ...code },
    { client_id: 'machine', client_secret: 'machine-secret', grant_types: ['client_credentials'], response_types: [], redirect_uris: [], token_endpoint_auth_method: 'client_secret_basic' },
    { client_id: 'signed', require_pushed_authorization_requests: true, ...signed, ...code },
    { client_id: 'bound', token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true, ...code },
    { client_id: 'exchanger', client_secret: 'exchanger-secret', token_endpoint_auth_method: 'client_secret_basic', ...code, grant_types: [...code.grant_types, exchangeGrant] },
    ...(TLS ? [{ client_id: 'certified', token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'stepgate.example', tls_client_certificate_bound_access_tokens: true, grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }] : []),
    { client_id: 'tv', token_endpoint_auth_method: 'none', grant_types: [deviceGrant, 'refresh_token'], response_types: [], redirect_uris: [], application_type: 'native' },
  ],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none', ...(TLS ? ['tls_client_auth'] : [])],
  pkce: { required: (_ctx, client) => client.clientId !== 'webpost' },
  scopes: ['openid', 'offline_access', 'api:read'],
  cookies: { keys: ['not-a-secret'] },
  extraTokenClaims: (ctx) => ({ signedInAt: (ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken)?.authTime }),
  features: { mTLS, devInteractions: { enabled: true }, clientCredentials: { enabled: true }, deviceFlow: { enabled: true }, pushedAuthorizationRequests: { enabled: true }, introspection: { enabled: true }, revocation: { enabled: true }, dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true, allowReplay: false } },
  rotateRefreshToken: true,
  clockTolerance: 0,
  ttl: { AccessToken: AT, ClientCredentials: AT, RefreshToken: 86400, AuthorizationCode: 60, IdToken: 3600, Interaction: 3600, Session: 86400, Grant: 86400 },
});
p.on('grant.success', (ctx) =>
  console.log('granted', ctx.oidc.params.grant_type, 'until', Math.floor(Date.now() / 1000) + ctx.body.expires_in));
p.on('grant.revoked', () => console.log('revoked'));
p.on('grant.error', (ctx, error) => console.log('refused', ctx.oidc.params?.grant_type, error.message));
p.registerGrantType(exchangeGrant, async (ctx) => {
  const { subject_token, subject_token_type, requested_token_type, audience } = ctx.oidc.params;
  if (subject_token_type !== accessToken || (requested_token_type ?? accessToken) !== accessToken) throw new errors.InvalidRequest('only access tokens are exchanged');
  if (audience !== 'billing') throw new errors.InvalidTarget(`no audience ${audience}`);
  const subject = await p.AccessToken.find(subject_token);
  if (!subject || subject.isExpired) throw new errors.InvalidRequest('subject_token is none of ours');
  const { accountId, grantId, scope } = subject;
  const token = new p.AccessToken({ accountId, grantId, scope, client: ctx.oidc.client, gty: 'exchanged' });
  ctx.body = { access_token: await token.save(), issued_token_type: accessToken, token_type: 'Bearer', expires_in: token.expiration };
}, ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'scope']);
p.use(async (ctx, next) => {
  if (ctx.path !== '/api/whoami' && ctx.path !== '/api/close') return next();
  const t = (ctx.get('authorization').match(/^Bearer (.+)$/) || [])[1];
  const tok = t && ((await p.AccessToken.find(t)) || (await p.ClientCredentials.find(t)));
  if (!tok || tok.isExpired) { ctx.status = 401; ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"'); ctx.body = { error: 'invalid_token' }; return; }
  const bound = tok['x5t#S256'], shown = certificate(ctx);
  if (bound && bound !== (shown && createHash('sha256').update(shown).digest('base64url'))) { ctx.status = 401; ctx.body = { error: 'invalid_token' }; return; }
  if (ctx.path === '/api/close' && !(Date.now() / 1000 - tok.extra?.signedInAt < 4)) {
    ctx.status = 401; ctx.set('WWW-Authenticate', 'Bearer error="insufficient_user_authentication", max_age="3"'); return;
  }
  ctx.body = { kind: tok.kind, gty: tok.gty, sub: tok.accountId || null, client: tok.clientId, scope: tok.scope || '', left: tok.remainingTTL };
});
const read = (name) => readFileSync(`${TLS}/${name}`);
if (TLS) createServer({ key: read('server.key'), cert: read('server.pem'), ca: read('ca.pem'), requestCert: true, rejectUnauthorized: false }, p.callback()).listen(Number(P), '127.0.0.1');
else p.listen(Number(P), '127.0.0.1');
