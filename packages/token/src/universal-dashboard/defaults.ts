/** What granting writes and verifying expects where nothing else is said; the two must agree. @module */

export const defaultSigningKey = 'default_signing_key';
export const defaultIssuer = 'poshud.com';
export const defaultAudience = 'UniversalDashboard';
export const defaultSubject = 'UniversalDashboard';
/** How far the clocks of who grants and who verifies may be apart. */
export const defaultClockSkewSeconds = 300;
