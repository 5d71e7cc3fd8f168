import { createGuard, grantJsonWebToken, jwt, login, success } from '@tessera/guard';

export const guard = createGuard({
  methods: [
    login(async (credential) => {
      // Perform authentication here: this example accepts anybody
      const token = grantJsonWebToken({ identity: credential.userName, issuer: 'IMS' });
      return success({ userName: credential.userName, token });
    }),
    jwt({ issuer: 'IMS' }),
  ],
});
