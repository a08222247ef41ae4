// The kinds of steps, as the picker shows them: what each is for, how a new one begins, and whether it needs a person.

/** A kind of step. */
export interface Kind {
  name: string;
  label: string;
  about: string;
  /** Where a new one's id begins. */
  id: string;
  /** Why it cannot stand in a flow that nobody sits before; none where it can. */
  person?: string;
  /** What a new one holds besides id and kind. */
  begin: Record<string, unknown>;
  /** Outputs that it always has, for texts before any test. */
  outputs: readonly string[];
}

const REPLY = ['status', 'headers', 'body', 'cookies', 'url'] as const;
const TOKENS = ['access_token', 'refresh_token', 'expires_in', 'token_type', 'scope', 'id_token'] as const;
const BROWSER = 'it opens the API’s own sign-in page';

/** The kinds, the commonest first. */
export const KINDS: readonly Kind[] = [
  {
    name: 'form',
    label: 'Form',
    about: 'Asks a person: name, password, a code, a choice.',
    id: 'form',
    person: 'it asks somebody',
    begin: {
      title: 'Sign in',
      fields: [
        { key: 'username', type: 'text', label: 'User name' },
        { key: 'password', type: 'password', label: 'Password' },
      ],
    },
    outputs: [],
  },
  {
    name: 'api_request',
    label: 'API request',
    about: 'Sends a request and keeps what the reply says.',
    id: 'request',
    begin: { request: { method: 'GET', url: '{{base_url}}/' } },
    outputs: REPLY,
  },
  {
    name: 'graphql_request',
    label: 'GraphQL request',
    about: 'Sends a query or mutation; errors in the reply fail it.',
    id: 'query',
    begin: { query: 'query { viewer { id } }' },
    outputs: REPLY,
  },
  {
    name: 'callback',
    label: 'Callback',
    about: 'Opens a page of the API and keeps what it sends back to the redirect URL.',
    id: 'callback',
    person: BROWSER,
    begin: { url: '{{base_url}}/authorize?redirect_uri={{callback_url}}&state={{state}}' },
    outputs: [],
  },
  {
    name: 'js_code',
    label: 'JS code',
    about: 'Computes values from earlier outputs, in a sandbox without any access.',
    id: 'code',
    begin: { parameters: {}, code: 'return {};' },
    outputs: [],
  },
  {
    name: 'oauth2_pkce',
    label: 'OAuth 2.0 with PKCE',
    about: 'Signs in on the API’s own page, with proof that the code is ours. The usual choice.',
    id: 'oauth',
    person: BROWSER,
    begin: {
      authorization_url: '{{base_url}}/authorize',
      token_url: '{{base_url}}/token',
      client_id: '{{variables.client_id}}',
      scope: 'openid',
    },
    outputs: TOKENS,
  },
  {
    name: 'oauth2',
    label: 'OAuth 2.0',
    about: 'The same without PKCE, for servers that do not know it.',
    id: 'oauth',
    person: BROWSER,
    begin: {
      authorization_url: '{{base_url}}/authorize',
      token_url: '{{base_url}}/token',
      client_id: '{{variables.client_id}}',
      client_secret: '{{secrets.client_secret}}',
    },
    outputs: TOKENS,
  },
  {
    name: 'oauth2_client_credentials',
    label: 'OAuth 2.0 client credentials',
    about: 'Gets a token for the client itself; no person is needed.',
    id: 'token',
    begin: {
      token_url: '{{base_url}}/token',
      client_id: '{{variables.client_id}}',
      client_secret: '{{secrets.client_secret}}',
    },
    outputs: TOKENS,
  },
  {
    name: 'oauth2_refresh',
    label: 'OAuth 2.0 refresh',
    about: 'Trades a refresh token for new tokens; of a step, it renews that step’s outputs.',
    id: 'refresh',
    begin: { of: 'oauth' },
    outputs: TOKENS,
  },
  {
    name: 'device_code',
    label: 'Device code',
    about: 'Shows a code that the person types on another device.',
    id: 'device',
    person: 'somebody has to type the code',
    begin: {
      device_authorization_url: '{{base_url}}/device',
      token_url: '{{base_url}}/token',
      client_id: '{{variables.client_id}}',
    },
    outputs: TOKENS,
  },
  {
    name: 'oauth1',
    label: 'OAuth 1.0a',
    about: 'Gets a signed token pair, on the API’s own page or without it.',
    id: 'oauth',
    begin: {
      request_token_url: '{{base_url}}/oauth/initiate',
      authorization_url: '{{base_url}}/oauth/authorize',
      access_token_url: '{{base_url}}/oauth/token',
      consumer_key: '{{variables.consumer_key}}',
      consumer_secret: '{{secrets.consumer_secret}}',
    },
    outputs: ['oauth_token', 'oauth_token_secret'],
  },
  {
    name: 'basic',
    label: 'Basic',
    about: 'Makes the header of a name and password.',
    id: 'basic',
    begin: { username: '{{form1.username}}', password: '{{form1.password}}' },
    outputs: ['authorization'],
  },
  {
    name: 'jwt_bearer',
    label: 'JWT bearer',
    about: 'Signs a token of claims with a key, and trades it where the API wants that.',
    id: 'jwt',
    begin: { algorithm: 'RS256', key: '{{secrets.key}}', claims: { iss: '{{variables.client_id}}' } },
    outputs: ['token'],
  },
  {
    name: 'totp',
    label: 'One-time code',
    about: 'Makes the code that an authenticator would show, from its secret.',
    id: 'code',
    begin: { secret: '{{secrets.totp}}' },
    outputs: ['code'],
  },
  {
    name: 'ntlm',
    label: 'NTLM',
    about: 'Sends a request that signs in by NTLM.',
    id: 'ntlm',
    begin: {
      username: '{{form1.username}}',
      password: '{{form1.password}}',
      request: { method: 'GET', url: '{{base_url}}/' },
    },
    outputs: REPLY,
  },
  {
    name: 'sso_token',
    label: 'SSO token',
    about: 'Takes the tokens of whoever is signed in to Stepgate; nothing to fill in.',
    id: 'sso',
    person: 'it needs the person’s own sign-in',
    begin: {},
    outputs: ['access_token', 'id_token', 'claims'],
  },
];

/** Why a step cannot stand in a flow that runs without a person; null where it can. */
export function needsPerson(step: Readonly<Record<string, unknown>>): string | null {
  // With two legs OAuth 1.0a has no page.
  if (step.kind === 'oauth1') return 'authorization_url' in step ? BROWSER : null;
  return KINDS.find(({ name }) => name === step.kind)?.person ?? null;
}
