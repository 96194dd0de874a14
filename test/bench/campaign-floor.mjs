// The floor: the same calls at the same concurrency, and nothing else. No rules, nothing stored, nothing read but the status.
import process from 'node:process';
import { Pool } from 'undici';

const { FLOOR_ORIGIN, FLOOR_TOKEN, FLOOR_TEMPLATE, FLOOR_IN_FLIGHT } = process.env;
let given = '';
for await (const chunk of process.stdin) given += chunk;
const openids = given.split('\n');
const connections = Number(FLOOR_IN_FLIGHT);
const pool = new Pool(FLOOR_ORIGIN, { connections, pipelining: 1 });
const data = {
  thing1: { value: '电销卡审核' },
  character_string2: { value: 'TB26112500000001' },
  thing3: { value: '营业执照副本' },
  time4: { value: '2027年1月31日 18:00' },
};
const path = `/cgi-bin/message/template/send?access_token=${FLOOR_TOKEN}`;
let at = 0;
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (let index = at++; index < openids.length; index = at++) {
      const body = JSON.stringify({
        touser: openids[index],
        template_id: FLOOR_TEMPLATE,
        url: 'http://127.0.0.1:8700/#/desk/order/index?number=TB26112500000001',
        client_msg_id: `floor-${process.pid}-${index}`,
        data,
      });
      const answer = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const { errcode } = await answer.body.json();
      if (errcode !== 0) throw new Error(`the floor was answered ${errcode}`);
    }
  }),
);
const seconds = (performance.now() - startedAt) / 1000;
await pool.close();
process.stdout.write(`${openids.length / seconds}\n`);
