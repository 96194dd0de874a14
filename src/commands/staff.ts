import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { renderUnicodeCompact } from 'uqr';
import { newToken } from '../platform/crypto.ts';
import { AppError } from '../platform/errors.ts';
import {
  beginEnrolment,
  codeBefore,
  createMember,
  finishEnrolment,
  type Invited,
  resetMember,
} from '../staff/index.ts';
import { errorWords } from '../contracts/errors.ts';
import { type Command, runCommand } from './command.ts';
import { askHidden } from './ask-hidden.ts';

const USAGE = `npm run staff -- create [USERNAME] [NAME]   the first administrator, or another one
npm run staff -- reset USERNAME             a lost phone or a forgotten password`;

const ISSUER = '通办 Tongban';

/** Makes an administrator, or gives a member a new way in, from a shell on the machine: nobody else could make the first one. */
await runCommand(USAGE, async (command, [deed, ...words]) => {
  if (deed === 'create') return enrol(command, await create(command, words));
  if (deed === 'reset' && words[0]) return enrol(command, await command.deed((work) => resetMember(work, words[0]!)));
  return false;
});

async function create(command: Command, [username, name]: string[]): Promise<Invited> {
  const wanted = {
    username: (username ?? (await ask('User name 用户名', 'admin'))).toLowerCase(),
    name: name ?? (await ask('Name 姓名', '管理员')),
  };
  if (!/^[a-z][a-z0-9._-]{2,31}$/.test(wanted.username))
    throw new Error(
      'A user name has 3 to 32 small letters, digits, dots, dashes or underscores, and begins with a letter.',
    );
  return command.deed((work) => createMember(work, { ...wanted, roles: ['administrator'] }));
}

/** A person chooses the password and shows that the authenticator works; a script is given a password. */
async function enrol(command: Command, { invitation }: Invited): Promise<true> {
  const { username, secret, uri } = await command.deed((work) => beginEnrolment(work, invitation, ISSUER));
  process.stdout.write(`\nScan this with an authenticator app 请用验证器应用扫码:\n\n${renderUnicodeCompact(uri)}\n\n`);
  process.stdout.write(`User name 用户名      ${username}\nSecret 验证器密钥     ${secret}\n`);
  if (process.stdin.isTTY) {
    await untilRight(async () => {
      const password = await askHidden('New password 新密码 (12+): ');
      const code = await ask('Code of the app 动态验证码');
      await command.deed((work) => finishEnrolment(work, { invitation, password, code }));
    });
  } else {
    const password = newToken().slice(0, 20);
    const code = codeBefore(secret, new Date());
    await command.deed((work) => finishEnrolment(work, { invitation, password, code }));
    process.stdout.write(`Password 密码         ${password}\n`);
  }
  process.stdout.write('\nReady. Sign in with POST /staff/sessions. 已就绪，可登录工作台。\n');
  return true;
}

async function untilRight(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'staff.invitation_refused') throw error;
      const words = error.detail?.fields?.map(({ message }) => message) ?? [errorWords[error.code].zh];
      process.stdout.write(`${words.join('\n')}\n`);
    }
  }
}

async function ask(question: string, fallback = ''): Promise<string> {
  if (!process.stdin.isTTY) return fallback;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question}${fallback ? ` [${fallback}]` : ''}: `);
  lines.close();
  return answer.trim() || fallback;
}
