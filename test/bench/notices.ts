/**
 * Payment notices settled durably a second, on MariaDB with a flush at every commit, against a floor measured in the same run.
 * `npm run bench -- notices`. Last line: one JSON object.
 */
import 'reflect-metadata';
import { type ChildProcess, spawn } from 'node:child_process';
import { createCipheriv, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { Customer } from '../../entities/customer.ts';
import { LedgerLine } from '../../entities/ledger.ts';
import { Order } from '../../entities/order.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Payment } from '../../entities/payment.ts';
import { environmentFor } from '../../scripts/kit.mjs';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { createKit, type Kit } from '../../simulator/src/simulator.ts';
import { newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/platform/database/index.ts';

const ROUNDS = 3;
const PER_ROUND = 3000;
const IN_FLIGHT = 64;
const AMOUNT_FEN = 19900;

interface Signed {
  body: string;
  headers: Record<string, string>;
}

interface Round {
  perSecond: number;
  p99Ms: number;
}

const numberOf = (prefix: string, at: number) => `${prefix}${String(at).padStart(20 - prefix.length + 1, '0')}`;

/** A genuine notice about one payment, as WeChat Pay would send it now. */
function noticeAbout(kit: Kit, number: string): Signed {
  const resource = JSON.stringify({
    mchid: kit.mchid,
    appid: kit.officialAccount.appid,
    out_trade_no: number,
    transaction_id: `42${number.slice(1)}`,
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: '2026-11-22T10:00:05+08:00',
    payer: { openid: 'oBench0000000000000000000000' },
    amount: { total: AMOUNT_FEN, payer_total: AMOUNT_FEN, currency: 'CNY', payer_currency: 'CNY' },
  });
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', kit.apiV3Key, nonce).setAAD(Buffer.from('transaction'));
  const ciphertext = Buffer.concat([cipher.update(resource, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  );
  const body = JSON.stringify({
    id: newId(),
    create_time: '2026-11-22T10:00:06+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext,
      associated_data: 'transaction',
      nonce,
    },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headerNonce = randomBytes(16).toString('hex');
  const signature = sign(
    'sha256',
    Buffer.from(`${timestamp}\n${headerNonce}\n${body}\n`),
    kit.publicKey.privateKeyPem,
  ).toString('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': headerNonce,
      'wechatpay-signature': signature,
      'wechatpay-serial': kit.publicKey.id,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    },
  };
}

async function fire(origin: string, path: string, notices: readonly Signed[]): Promise<Round> {
  const pool = new Pool(origin, { connections: IN_FLIGHT, pipelining: 1 });
  const took: number[] = [];
  let at = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let notice = notices[at++]; notice; notice = notices[at++]) {
        const sentAt = performance.now();
        const answer = await pool.request({ path, method: 'POST', ...notice });
        await answer.body.dump();
        if (answer.statusCode !== 204) throw new Error(`a notice was answered with ${answer.statusCode}`);
        took.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  took.sort((a, b) => a - b);
  return { perSecond: notices.length / seconds, p99Ms: took[Math.floor(took.length * 0.99)]! };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function rssMb(child: ChildProcess): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
  return Number(line![1]) / 1024;
}

async function seed(url: string, kit: Kit, prefix: string): Promise<void> {
  const database = await openDatabase({ url, file: '', pool: 2 });
  const now = new Date();
  const customerId = newId();
  await database.transaction((db) => db.insert(Customer, { id: customerId, createdAt: now }));
  for (let from = 0; from < PER_ROUND; from += 500) {
    const rows = Array.from({ length: 500 }, (_, offset) => {
      const [orderId, instalmentId] = [newId(), newId()];
      const number = numberOf(prefix, from + offset);
      const order = Object.assign(new Order(), {
        id: orderId,
        number: `TB${number.slice(-14)}`.slice(0, 1) + prefix + number.slice(-12),
        customerId,
        serviceVersionId: newId(),
        serviceCode: 'bench',
        serviceVersion: 1,
        serviceName: '基准',
        packageCode: 'bench',
        packageName: '基准',
        planCode: 'full',
        buyerKind: 'person',
        contactName: '基准',
        contactPhoneSealed: 'x'.repeat(60),
        preCheck: [],
        amountFen: AMOUNT_FEN,
        placedAt: now,
        expiresAt: new Date(now.getTime() + 86_400_000),
      });
      const instalment = Object.assign(new Instalment(), {
        id: instalmentId,
        orderId,
        position: 1,
        name: '全款',
        milestone: 'placed',
        amountFen: AMOUNT_FEN,
        governmentFen: 0,
        state: 'due',
      });
      const payment = Object.assign(new Payment(), {
        id: newId(),
        number,
        orderId,
        instalmentId,
        way: 'native',
        appid: kit.officialAccount.appid,
        mchid: kit.mchid,
        description: '基准',
        amountFen: AMOUNT_FEN,
        state: 'open',
        expiresAt: new Date(now.getTime() + 7_200_000),
        createdAt: now,
      });
      return { order, instalment, payment };
    });
    await database.transaction(async (db) => {
      await db.insert(Order, rows.map(({ order }) => order) as never);
      await db.insert(Instalment, rows.map(({ instalment }) => instalment) as never);
      await db.insert(Payment, rows.map(({ payment }) => payment) as never);
      await db.query(
        `INSERT INTO floor_payments (number) VALUES ${rows.map(() => '(?)').join(',')}`,
        rows.map(({ payment }) => payment.number),
      );
    });
  }
  await database.close();
}

async function main(): Promise<void> {
  const maria = await startMariadb({ durable: true });
  const children: ChildProcess[] = [];
  try {
    const kit = await createKit();
    const setup = await openDatabase({ url: maria.url, file: '', pool: 2 });
    await setup.migrate();
    await setup.transaction((db) =>
      db.query('CREATE TABLE floor_notices (id varchar(64) PRIMARY KEY, number varchar(32) NOT NULL) ENGINE=InnoDB'),
    );
    await setup.transaction((db) =>
      db.query(
        "CREATE TABLE floor_payments (number varchar(32) PRIMARY KEY, state varchar(24) NOT NULL DEFAULT 'open', transactionId varchar(64) NULL) ENGINE=InnoDB",
      ),
    );

    const floor = spawn(process.execPath, ['test/bench/notices-floor.mjs'], {
      env: {
        ...process.env,
        FLOOR_URL: maria.url,
        FLOOR_PUBLIC_KEY: kit.publicKey.publicKeyPem,
        FLOOR_API_V3_KEY: kit.apiV3Key,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(floor);
    const floorPort = await new Promise<string>((resolve) =>
      floor.stdout.once('data', (text: Buffer) => resolve(/\d+/.exec(String(text))![0])),
    );

    const port = await freePort();
    const nowhere = 'http://127.0.0.1:9';
    const server = spawn(process.execPath, ['dist/src/server.js'], {
      env: {
        ...process.env,
        PORT: String(port),
        DATABASE_URL: maria.url,
        SECRET_KEY: randomBytes(32).toString('hex'),
        LOG_LEVEL: 'warn',
        // Jobs are written here and done by a worker process, as a desk with this much traffic runs it.
        WORKER_IN_SERVER: 'false',
        ...environmentFor({ kit, origin: nowhere, backupOrigin: nowhere }),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    children.push(server);
    const origin = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 200; tries += 1) {
      const answer = await fetch(`${origin}/readyz`).catch(() => null);
      if (answer?.ok) break;
      await pause(100);
    }

    const ours: Round[] = [];
    const theirs: Round[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const prefix = `P${round}`;
      await seed(maria.url, kit, prefix);
      const make = () => Array.from({ length: PER_ROUND }, (_, at) => noticeAbout(kit, numberOf(prefix, at)));
      const floorRound = await fire(`http://127.0.0.1:${floorPort}`, '/', make());
      const ourRound = await fire(origin, '/wechat/pay/notices', make());
      const isWarmUp = round === 0;
      process.stdout.write(
        `${isWarmUp ? 'warm-up' : `round ${round}`}: floor ${Math.round(floorRound.perSecond)}/s, Tongban ${Math.round(ourRound.perSecond)}/s (p99 ${ourRound.p99Ms.toFixed(1)} ms)\n`,
      );
      if (isWarmUp) continue;
      theirs.push(floorRound);
      ours.push(ourRound);
    }

    const settled = await setup.reader.countBy(Payment, { state: 'paid' });
    const sum = await setup.reader.sum(LedgerLine, 'amountFen');
    if (settled !== PER_ROUND * (ROUNDS + 1) || sum !== 0)
      throw new Error(`${settled} payments are settled and the ledger sums to ${sum}`);
    await setup.close();
    const perSecond = median(ours.map((round) => round.perSecond));
    const floorPerSecond = median(theirs.map((round) => round.perSecond));
    process.stdout.write(
      `${JSON.stringify({
        ratio: Number((perSecond / floorPerSecond).toFixed(2)),
        perSecond: Math.round(perSecond),
        floorPerSecond: Math.round(floorPerSecond),
        p99Ms: Number(median(ours.map((round) => round.p99Ms)).toFixed(1)),
        rssMb: Math.round(rssMb(server)),
      })}\n`,
    );
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await maria.stop();
  }
}

await main();
