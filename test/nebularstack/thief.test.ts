/**
 * A user has a second factor; a thief has the password, a captured standard token that is expired, an otp that was used,
 * and an account of their own. Issue 3, must show 4: every route × type × token × credential is tried, then again with all
 * that was won in the first round. There must be no path to a standard token, nor to anything of another dialect.
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import type { CallOptions, Method } from './call.ts';
import {
  type Account,
  type Device,
  decodeJwt,
  hour,
  minute,
  ok,
  onEachEngine,
  wrongCode,
} from './dialect.ts';

/** One request of the thief. */
interface Attempt {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  /** Made when its turn comes: by then an earlier token may have expired. */
  readonly options: () => CallOptions;
}

/** What one login or mint gave. */
interface Pair {
  readonly name: string;
  readonly token: () => string;
  readonly refreshToken: string | null;
}

onEachEngine((dialect) => {
  let acme = '';
  let alpha = '';
  let mia: Account;
  let thief: Account;
  let device: Device;
  let usedOtp = '';
  let usedRecoveryCode = '';
  let captured: Pair[] = [];

  before(async () => {
    acme = await dialect.createDomain();
    alpha = await dialect.createTenant(acme);
    mia = await dialect.createUser(acme, ['Administrator', acme], ['Customer', acme, alpha]);
    thief = await dialect.createUser(acme, ['Support', acme]);
    device = await dialect.enableMfa(mia);
    usedOtp = device.fresh();
    const v2 = ok(await dialect.v2(mia, { otp: usedOtp })).body;
    usedRecoveryCode = device.recoveryCodes[0] ?? '';
    const v1 = ok(await dialect.v1(mia, { otp: usedRecoveryCode })).body;
    // What is captured on the way to a resource server: access tokens, never refresh tokens.
    captured = [
      { name: 'captured V2 standard', token: () => v2.token, refreshToken: null },
      { name: 'captured V1', token: () => v1.token, refreshToken: null },
    ];
    dialect.advance(61 * minute);
  });

  const requests = { tried: 0 };
  /** The minimal session that the thief holds, with a token that has not expired. */
  const live = { token: '', refreshToken: '' };
  const getMinimal = async (): Promise<void> => {
    const { token, refresh_token: refreshToken } = ok(await dialect.v2(mia, { type: 'minimal' })).body;
    Object.assign(live, { token, refreshToken });
  };
  const minimal = (): Pair => ({
    name: 'minimal',
    token: () => live.token,
    refreshToken: live.refreshToken,
  });
  /** With pauses, so that no counter of wrong guesses turns an attempt away unseen; in all short of the 30 days of V2-9. */
  const tryAll = async (attempts: readonly Attempt[]): Promise<{ attempt: Attempt; answer: Answer }[]> => {
    const seen: { attempt: Attempt; answer: Answer }[] = [];
    let failures = 0;
    for (const attempt of attempts) {
      const answer = await dialect.call(attempt.method, attempt.path, attempt.options());
      assert.notEqual(answer.status, 429, `${attempt.name} was not looked at`);
      assert.ok(answer.status < 500, `${attempt.name}: ${answer.status}`);
      seen.push({ attempt, answer });
      requests.tried += 1;
      if (answer.status === 401) failures += 1;
      if (failures === 15) {
        dialect.advance(65 * minute);
        await getMinimal();
        failures = 0;
      }
    }
    return seen;
  };

  const scopes = (): readonly object[] => [
    { domain: acme },
    { tenant_id: alpha },
    { user_domain: acme, domain: undefined },
  ];
  const otps = (): readonly (readonly [string, object])[] => [
    ['no otp', {}],
    ['empty otp', { otp: '' }],
    ['used otp', { otp: usedOtp }],
    ['wrong otp', { otp: wrongCode(device) }],
    ['used recovery code', { otp: usedRecoveryCode }],
  ];

  /** Every login of this dialect and of ciphertrust. */
  const logins = (): Attempt[] => {
    const types = [{}, { type: 'standard' }, { type: 'minimal' }];
    const own = [1, 2, 3].flatMap((version) =>
      scopes().flatMap((scope) =>
        otps().flatMap(([otpName, otp]) =>
          types.map((type) => ({
            name: `V${version} login, ${JSON.stringify({ ...scope, ...type })}, ${otpName}`,
            method: 'POST' as const,
            path: `/v${version}/token`,
            options: () => ({
              body: {
                username: mia.username,
                domain: acme,
                password: mia.password,
                ...scope,
                ...otp,
                ...type,
              },
            }),
          })),
        ),
      ),
    );
    const headers = { 'content-type': 'application/json' };
    const account = { username: mia.username, password: mia.password, auth_domain: acme };
    const foreign = otps().flatMap(([otpName, otp]) =>
      [{}, { domain: acme }, { domain: 'root' }, { issueRefreshToken: true, domain: acme }].map((fields) => ({
        name: `ciphertrust login, ${JSON.stringify(fields)}, ${otpName}`,
        method: 'POST' as const,
        path: '/api/v1/auth/tokens',
        options: () => ({ headers, body: { grant_type: 'password', ...account, ...fields, ...otp } }),
      })),
    );
    return [...own, ...foreign];
  };

  /** Every change of a token, with each token, by each credential. */
  const changes = (
    tokens: readonly Pair[],
    refreshTokens: readonly (readonly [string, string])[],
  ): Attempt[] => {
    const credentials: readonly (readonly [string, object])[] = [
      ['nothing', {}],
      ...otps().map(([name, otp]) => [`password, ${name}`, { password: mia.password, ...otp }] as const),
      ...refreshTokens.map(([name, text]) => [name, { refresh_token: text }] as const),
      ['password and refresh token', { password: mia.password, refresh_token: refreshTokens[0]?.[1] ?? 'x' }],
    ];
    const targets = [{ domain: acme }, { tenant_id: alpha }];
    return tokens.flatMap(({ name: tokenName, token }) =>
      [1, 2, 3].flatMap((version) =>
        credentials.flatMap(([credentialName, credential]) =>
          [
            { method: 'PUT' as const, target: {} },
            ...targets.map((target) => ({ method: 'PATCH' as const, target })),
          ].map(({ method, target }) => ({
            name: `${method} V${version}, ${tokenName}, ${credentialName}, ${JSON.stringify(target)}`,
            method,
            path: `/v${version}/token`,
            options: () => ({
              token: token(),
              body: { ...target, ...credential, type: 'standard', user_id: mia.id },
            }),
          })),
        ),
      ),
    );
  };

  /** Everything by which the second factor or the password might be got out of the way, or a role be won. */
  const detours = (tokens: readonly Pair[]): Attempt[] => {
    const secrets = { password: mia.password, new_password: 'Stolen-for-good-1' };
    const routes = otps().flatMap(([otpName, otp]) => {
      const body = { ...secrets, ...otp };
      return [
        ['POST', '/v1/mfa', body],
        ['PUT', '/v1/mfa', body],
        ['POST', '/v1/mfa/recovery', body],
        ['POST', '/v1/mfa/disable', body],
        ['PUT', '/v1/password', body],
      ].map(([method, path, sent]) => [otpName, method as Method, path as string, sent as object] as const);
    });
    const more = [
      ['', 'DELETE', `/v1/user/${mia.id}/mfa`, undefined],
      ['', 'PATCH', `/v1/user/${mia.id}`, { password: secrets.new_password }],
      ['', 'POST', `/v1/user/${thief.id}/assignment/Administrator/${acme}`, undefined],
      ['', 'POST', `/v1/user/${thief.id}/assignment/Customer/${acme}/${alpha}`, undefined],
      ['', 'DELETE', '/v3/token', undefined],
    ] as const;
    const byToken = tokens.flatMap(({ name: tokenName, token }) =>
      [...routes, ...more].map(([otpName, method, path, body]) => ({
        name: `${method} ${path}, ${tokenName}, ${otpName}`,
        method,
        path,
        options: () => ({ token: token(), ...(body && { body }) }),
      })),
    );
    const headers = { 'content-type': 'application/json' };
    const account = { username: mia.username, auth_domain: acme, ...secrets };
    const foreign = otps().map(([otpName, otp]) => ({
      name: `ciphertrust changepw, ${otpName}`,
      method: 'PATCH' as const,
      path: '/api/v1/auth/changepw',
      options: () => ({ headers, body: { ...account, ...otp } }),
    }));
    return [...byToken, ...foreign];
  };

  /** Tokens of this dialect at ciphertrust: as bearers, and its refresh grant with the refresh tokens. */
  const crossings = (tokens: readonly Pair[]): Attempt[] =>
    tokens.flatMap(({ name, token, refreshToken }) => {
      const headers = () => ({
        'content-type': 'application/json',
        authorization: `Bearer ${token()}`,
      });
      const texts = [token, ...(refreshToken === null ? [] : [() => refreshToken])];
      const grants = texts.flatMap((text) =>
        [{}, { renew_refresh_token: true }].map((fields) => ({
          name: `ciphertrust refresh, ${name}, ${JSON.stringify(fields)}`,
          method: 'POST' as const,
          path: '/api/v1/auth/tokens',
          options: () => ({
            headers: headers(),
            body: { grant_type: 'refresh_token', refresh_token: text(), ...fields },
          }),
        })),
      );
      const bearers = ['/api/v1/auth/self/user', '/api/v1/auth/tokens', '/api/v1/usermgmt/users'].map(
        (path) => ({
          name: `GET ${path}, ${name}`,
          method: 'GET' as const,
          path,
          options: () => ({ headers: headers() }),
        }),
      );
      return [...bearers, ...grants];
    });

  /** What the answers gave. Fails where it is of mia and more than minimal. */
  const won = (seen: readonly { attempt: Attempt; answer: Answer }[]): Pair[] =>
    seen.flatMap(({ attempt, answer }) => {
      if (answer.status >= 300 && answer.status < 600) return [];
      const body = answer.body ?? {};
      assert.equal(body.jwt, undefined, `${attempt.name} gave a JWT of ciphertrust`);
      assert.ok(typeof body.token === 'string', `${attempt.name} was done: ${answer.status}`);
      const { claims } = decodeJwt(body.token);
      assert.equal(body.user_id, mia.id);
      assert.deepEqual([claims.type, claims.roles, claims.ver], ['minimal', [], 2], attempt.name);
      assert.deepEqual([body.type, body.roles], ['minimal', []], attempt.name);
      return [{ name: `won by ${attempt.name}`, token: () => body.token, refreshToken: body.refresh_token }];
    });

  describe('a password thief with a captured expired standard token', () => {
    let first: Pair[] = [];

    test('wins minimal tokens alone by every login', async () => {
      first = won(await tryAll(logins()));
      assert.ok(first.length > 0, 'a minimal login needs no otp');
      assert.equal(new Set(first.map(({ refreshToken }) => refreshToken)).size, 1);
    });

    test('wins nothing more by any change of a token, with all that was won', async () => {
      const own = ok(await dialect.v2(thief)).body;
      await getMinimal();
      const stale = first[0];
      assert.ok(stale);
      const refreshTokens: readonly (readonly [string, string])[] = [
        ['minimal refresh token', live.refreshToken],
        ['the thief’s refresh token', own.refresh_token],
      ];
      const tokens: readonly Pair[] = [
        ...captured,
        minimal(),
        { ...stale, name: 'expired minimal' },
        ...captured.map(({ name, token }) => ({
          name: `${name}, changed`,
          token: () => asUnexpired(token()),
          refreshToken: null,
        })),
        { name: 'minimal as standard', token: () => asStandard(live.token), refreshToken: null },
      ];
      const second = won(await tryAll(changes(tokens, refreshTokens)));
      for (const way of ['PUT V2, minimal, minimal refresh token', 'PATCH V2, minimal, password, no otp'])
        assert.ok(
          second.some(({ name }) => name.includes(way)),
          `${way} gives another minimal token`,
        );
      const [newest] = second.slice(-1);
      assert.ok(newest);
      won(await tryAll(changes([newest, ...captured], [['refresh token won', newest.refreshToken ?? '']])));
    });

    test('gets neither password nor second factor out of the way, and no role', async () => {
      await getMinimal();
      const held = [...captured, minimal()];
      for (const { attempt, answer } of await tryAll([...detours(held), ...crossings(held)])) {
        assert.ok(answer.status >= 400, `${attempt.name}: ${answer.status}`);
      }
      // Those of the thief's own account that are allowed to them, tried on mia.
      const own = ok(await dialect.v1(thief)).body.token;
      for (const { attempt, answer } of await tryAll(
        detours([{ name: 'the thief’s own', token: () => own, refreshToken: null }]).filter(
          ({ path }) => path.includes(mia.id) || path.includes('assignment'),
        ),
      )) {
        assert.equal(answer.status, 403, attempt.name);
      }
    });

    test('has left everything as it was: the owner logs in with password and otp, and nobody without', async () => {
      assert.ok(requests.tried > 1_000, `only ${requests.tried} were tried`);
      dialect.advance(2 * hour);
      assert.equal((await dialect.v1(mia)).body.error.code, 'otp_required');
      const { body } = ok(await dialect.v2(mia, { otp: device.fresh() }));
      assert.deepEqual([body.type, body.roles], ['standard', ['Administrator']]);
      ok(await dialect.v1(mia, { otp: device.recoveryCodes[1] }));
    });
  });

  function withClaims(token: string, more: object): string {
    const [header, , signature] = token.split('.');
    const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token).claims, ...more })).toString(
      'base64url',
    );
    return `${header}.${payload}.${signature}`;
  }
  const asUnexpired = (token: string): string =>
    withClaims(token, { exp: Math.floor(dialect.nowMs() / 1000) + 3600 });
  const asStandard = (token: string): string =>
    withClaims(token, { type: 'standard', roles: ['Administrator'] });
});
