// The floor: what a payment notice costs at the very least. node:http, verify, unseal, one transaction with one insert and one
// update, mysql2 with a pool of 16. No rules, no ledger, no repeat known.
import { createDecipheriv, createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import mysql from 'mysql2/promise';

const { FLOOR_URL, FLOOR_PUBLIC_KEY, FLOOR_API_V3_KEY } = process.env;
const key = createPublicKey(FLOOR_PUBLIC_KEY);
const pool = mysql.createPool({ uri: FLOOR_URL, connectionLimit: 16 });

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { headers } = request;
  const message = Buffer.concat([
    Buffer.from([headers['wechatpay-timestamp'], headers['wechatpay-nonce'], ''].join('\n')),
    body,
    Buffer.from('\n'),
  ]);
  if (!verify('sha256', message, key, Buffer.from(headers['wechatpay-signature'], 'base64')))
    return response.writeHead(401).end();
  const { id, resource } = JSON.parse(body);
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const opener = createDecipheriv('aes-256-gcm', FLOOR_API_V3_KEY, resource.nonce)
    .setAAD(Buffer.from(resource.associated_data))
    .setAuthTag(sealed.subarray(-16));
  const paid = JSON.parse(opener.update(sealed.subarray(0, -16), undefined, 'utf8') + opener.final('utf8'));
  const connection = await pool.getConnection();
  await connection.beginTransaction();
  await connection.execute('INSERT INTO floor_notices (id, number) VALUES (?, ?)', [id, paid.out_trade_no]);
  await connection.execute('UPDATE floor_payments SET state = ?, transactionId = ? WHERE number = ?', [
    'paid',
    paid.transaction_id,
    paid.out_trade_no,
  ]);
  await connection.commit();
  connection.release();
  return response.writeHead(204).end();
}

createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1', function () {
  process.stdout.write(`listening ${this.address().port}\n`);
});
