import { isSignedBySession, sessionSignature } from '../../../src/platform/mini-program/session-signature.ts';

const VECTORS = [
  ['o0q0otL8aEzpcZL/FT9WsQ==', '{"foo":"bar"}', '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b'],
  ['tiihtNczf5v6AKRyjwEUhQ==', '', '7154f9f8b4b76b92f541cbf0e37d48840fa06e5e42da92a6f80168a1516a4735'],
] as const;

it.each(VECTORS)('signs with the key as it was received (%s)', (key, message, signature) => {
  expect(sessionSignature(key, message)).toBe(signature);
  expect(isSignedBySession(key, message, signature.toUpperCase())).toBe(true);
  expect(isSignedBySession(key, `${message} `, signature)).toBe(false);
  expect(isSignedBySession(key, message, '')).toBe(false);
});
