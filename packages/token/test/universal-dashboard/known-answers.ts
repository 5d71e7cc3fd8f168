/** The known-answer tests of docs/dialects/universal-dashboard.md. @module */
import type { GrantOptions } from '@tessera/token';

export interface KnownAnswer {
  readonly options: GrantOptions;
  readonly payload: string;
  readonly signature: string;
}

const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
const leapDay = { hash: '3f2b8c1e-5d4a-4e6f-9a0b-1c2d3e4f5a6b', now: new Date('2024-02-29T12:00:00Z') };

export const knownAnswers: Readonly<Record<'KAT-1' | 'KAT-2' | 'KAT-3', KnownAnswer>> = {
  'KAT-1': {
    options: {
      identity: 'Adam',
      payload: { Account: 'Billing' },
      hash: 'de19e3e8-2be5-4ad6-a14c-b0988979773c',
      now: new Date('2019-10-23T15:03:45Z'),
    },
    payload: `{"${claims}/name":"Adam","${claims}/hash":"de19e3e8-2be5-4ad6-a14c-b0988979773c","sub":"UniversalDashboard","nbf":1571843025,"exp":1603465425,"iss":"poshud.com","aud":"UniversalDashboard","Account":"Billing"}`,
    signature: 'Hfl8YPzLmYAxXpy2_mqiRMvjyHwSAr2ZZy6EspdEvg0',
  },
  'KAT-2': {
    options: {
      userName: 'Adam',
      signingKey: 'SuperSecretKey',
      issuer: 'IMS',
      roles: ['Administrator', 'Operator'],
      ...leapDay,
    },
    payload: `{"${claims}/name":"Adam","${claims}/hash":"${leapDay.hash}","sub":"UniversalDashboard","${role}":["Administrator","Operator"],"nbf":1709208000,"exp":1740744000,"iss":"IMS","aud":"UniversalDashboard"}`,
    signature: 'QHC3Bn8cauh6CHnFb8M0Cb4aBXSZp-QnCsPrTjKZ2OY',
  },
  'KAT-3': {
    options: {
      identity: 'Zoë',
      roles: 'Operator',
      payload: new Map([
        ['Account', 'Billing'],
        ['10', 'x'],
      ]),
      ...leapDay,
    },
    payload: `{"${claims}/name":"Zoë","${claims}/hash":"${leapDay.hash}","sub":"UniversalDashboard","${role}":"Operator","nbf":1709208000,"exp":1740744000,"iss":"poshud.com","aud":"UniversalDashboard","Account":"Billing","10":"x"}`,
    signature: 'DZ3SvCDRP6M4YP2rvVStZJj5uy7u0ewlww8obDu8YOk',
  },
};

/** As the original wrote it. */
export const knownToken =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJodHRwOi8vc2NoZW1hcy54bWxzb2FwLm9yZy93cy8yMDA1LzA1L2lkZW50aXR5L2NsYWltcy9uYW1lIjoiQWRhbSIsImh0dHA6Ly9zY2hlbWFzLnhtbHNvYXAub3JnL3dzLzIwMDUvMDUvaWRlbnRpdHkvY2xhaW1zL2hhc2giOiJkZTE5ZTNlOC0yYmU1LTRhZDYtYTE0Yy1iMDk4ODk3OTc3M2MiLCJzdWIiOiJVbml2ZXJzYWxEYXNoYm9hcmQiLCJuYmYiOjE1NzE4NDMwMjUsImV4cCI6MTYwMzQ2NTQyNSwiaXNzIjoicG9zaHVkLmNvbSIsImF1ZCI6IlVuaXZlcnNhbERhc2hib2FyZCIsIkFjY291bnQiOiJCaWxsaW5nIn0.Hfl8YPzLmYAxXpy2_mqiRMvjyHwSAr2ZZy6EspdEvg0';
