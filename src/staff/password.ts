import { hash, verify } from '@node-rs/argon2';

/** argon2id (2 in the package's own numbering) with 19 MiB, two passes, one lane: the least that OWASP advises, said here because defaults move. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const LEAST_LENGTH = 12;
const LEAST_DIFFERENT = 5;

/** Somebody who is not there is checked as long as somebody who is. */
const NOBODY = hash('nobody’s password', PARAMETERS);

export const hashPassword = (password: string): Promise<string> => hash(password, PARAMETERS);

/** @param passwordHash null when there is none to compare with: takes as long, and is false */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await NOBODY), password);
  return isRight && passwordHash !== null;
}

/** What is wrong with a new password, as a Chinese sentence; null when it will do. Length protects, rules of composition do not. */
export function faultOfPassword(password: string, username: string): string | null {
  const characters = [...password];
  if (characters.length < LEAST_LENGTH) return `密码至少 ${LEAST_LENGTH} 个字符`;
  if (new Set(characters).size < LEAST_DIFFERENT) return '密码过于简单，请使用更多不同的字符';
  if (password.toLowerCase().includes(username)) return '密码不能包含用户名';
  return null;
}
