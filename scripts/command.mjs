// `npm run staff`, `audit`, `bills` and `selfcheck`: commands of the server, on the installation that the environment, or what `npm start` made, names.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { findSecretKey, folder, origin, simulatorOrigin, standInEnvironment } from './installation.mjs';
import { checkNode, ensureInstalled, ensureServerBuilt, giveUp, root } from './prepare.mjs';

const [name, ...words] = process.argv.slice(2);
const isNamed = (...variables) =>
  variables.some((variable) => process.env[variable] || process.env[`${variable}_FILE`]);

/** What `npm start` made; an installation with a configuration of its own names its key itself. */
function secretKey() {
  if (isNamed('SECRET_KEY', 'DATABASE_URL')) return {};
  const key = findSecretKey();
  if (!key) giveUp(`There is no installation in ${folder} yet: run npm start first, or set DATA_FOLDER.`);
  return { SECRET_KEY: key };
}

/** The whole configuration, for who looks at the whole installation. Of `npm start` it is what the stand-in WeChat hands out. */
async function wholeConfiguration() {
  if (isNamed('WECHAT_PAY_MCHID')) return secretKey();
  const standIn = await standInEnvironment().catch(() =>
    giveUp(
      `服务器没有运行：模拟微信 ${simulatorOrigin} 没有应答。请先在另一个终端运行 npm start（若其端口或数据目录另有设置，此处须相同）；正式环境请以服务器的同一份配置运行 · nothing runs here yet`,
    ),
  );
  return { ...secretKey(), PUBLIC_ORIGIN: origin, ...standIn };
}

const needsAll = name === 'selfcheck' && words[0] !== 'verify';
checkNode();
ensureInstalled();
const settings = needsAll ? await wholeConfiguration() : name === 'selfcheck' ? {} : secretKey();
ensureServerBuilt();
const done = spawnSync(process.execPath, [path.join(root, `dist/src/commands/${name}.js`), ...words], {
  env: { ...process.env, DATA_FOLDER: folder, ...settings },
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
