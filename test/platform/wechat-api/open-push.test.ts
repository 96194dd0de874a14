import { openPush, type PushSettings, verifyServerUrl } from '../../../src/platform/wechat-api/open-push.ts';
import { plainQuery, sealedPush, type Sender } from './push-sender.ts';
import { vector } from './push-vectors.ts';

const now = new Date(1767225600_000);
const safe: PushSettings = { ...vector, mode: 'safe' };
const plain: PushSettings = { ...safe, mode: 'plain' };
const compatible: PushSettings = { ...safe, mode: 'compatible' };
const sender: Sender = { ...vector, now: () => now };

const body = (text: string) => Buffer.from(text);
const sealedBody = (encrypt: string) => body(`<xml><ToUserName>gh</ToUserName><Encrypt>${encrypt}</Encrypt></xml>`);
const { signature, timestamp, nonce, msgSignature: msg_signature } = vector;
const vectorQuery = {
  signature,
  timestamp,
  nonce,
  encrypt_type: 'aes',
  msg_signature,
  openid: 'oDemoOpenId_0000000000000001',
};
const opened = {
  ok: true,
  push: {
    appid: vector.appid,
    dedupeKey: `${vector.appid}:msgid:1234567890123456`,
    kind: 'text',
    openid: 'oDemoOpenId_0000000000000001',
    createdAt: now,
    content: { type: 'message', messageKind: 'text', text: 'hi' },
  },
};

describe('safe mode', () => {
  it('opens the vector', () => {
    expect(openPush(safe, vectorQuery, sealedBody(vector.encrypt), now)).toEqual(opened);
  });

  it('opens a JSON envelope with JSON inside', () => {
    const message = JSON.stringify({
      ToUserName: vector.originalId,
      FromUserName: 'oX',
      CreateTime: '1767225600',
      MsgType: 'text',
      MsgId: 1,
      Content: 'hi',
    });
    const push = sealedPush(sender, message, 'json');
    expect(openPush(safe, push.query, push.body, now)).toMatchObject({ ok: true, push: { content: { text: 'hi' } } });
  });

  it('does not read a message that lies open, however well it is signed', () => {
    expect(openPush(safe, plainQuery(sender), body(vector.message), now)).toEqual({ ok: false, reason: 'mode' });
  });

  it('reads the sealed message and not what lies open beside it', () => {
    const forged = '<FromUserName>oAttacker</FromUserName><MsgType>text</MsgType><Content>forged</Content>';
    const push = sealedPush(sender, vector.message, 'xml', forged);
    expect(openPush(safe, push.query, push.body, now)).toEqual(opened);
  });
});

describe('compatible mode', () => {
  it('opens what is sealed', () => {
    const push = sealedPush(sender, vector.message, 'xml', '<Content>forged</Content>');
    expect(openPush(compatible, push.query, push.body, now)).toEqual(opened);
  });

  it('reads what lies open when nothing is sealed', () => {
    expect(openPush(compatible, plainQuery(sender), body(vector.message), now)).toEqual(opened);
  });

  it('does not fall back to what lies open when the seal is wrong', () => {
    const push = sealedPush(sender, vector.message, 'xml', vector.message.slice(5, -6));
    const query = { ...push.query, msg_signature: '0'.repeat(40) };
    expect(openPush(compatible, query, push.body, now)).toEqual({ ok: false, reason: 'signature' });
    expect(openPush(compatible, vectorQuery, body(vector.message), now)).toEqual({ ok: false, reason: 'mode' });
  });
});

describe('plain mode', () => {
  it('reads the message, XML or JSON', () => {
    expect(openPush(plain, plainQuery(sender), body(vector.message), now)).toEqual(opened);
    const json = {
      ToUserName: vector.originalId,
      FromUserName: 'oX',
      CreateTime: 1767225600,
      MsgType: 'image',
      MsgId: '9',
    };
    expect(openPush(plain, plainQuery(sender), body(JSON.stringify(json)), now)).toMatchObject({
      push: { kind: 'image', content: { type: 'message', messageKind: 'image', text: null } },
    });
  });

  it('says when the account seals although it should not', () => {
    const push = sealedPush(sender, vector.message);
    expect(openPush(plain, push.query, push.body, now)).toEqual({ ok: false, reason: 'mode' });
  });
});

describe('what is not believed', () => {
  const bomb = [
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    vector.message.replace('<![CDATA[hi]]>', '&b;&b;&b;'),
  ].join('');
  const hidden = (open: string, close: string) =>
    vector.message.replace('<Content>', `${open}<!DOCTYPE xml []>${close}<Content>`);

  it.each([
    ['no signature', { timestamp, nonce }, 'query'],
    ['no timestamp', { signature, nonce }, 'query'],
    ['no nonce', { signature, timestamp }, 'query'],
    ['two signatures', { ...vectorQuery, signature: [signature, signature] }, 'query'],
    ['a wrong signature', { ...vectorQuery, signature: '0'.repeat(40) }, 'signature'],
    ['a signature of another length', { ...vectorQuery, signature: 'ae6c' }, 'signature'],
    ['another nonce', { ...vectorQuery, nonce: '1' }, 'signature'],
    ['no msg_signature', { ...vectorQuery, msg_signature: undefined }, 'query'],
    ['a wrong msg_signature', { ...vectorQuery, msg_signature: signature }, 'signature'],
    ['another way of sealing', { ...vectorQuery, encrypt_type: 'raw' }, 'mode'],
    ['a timestamp that is no number', { ...vectorQuery, timestamp: 'now' }, 'query'],
  ])('%s', (_, query, reason) => {
    expect(openPush(safe, query, sealedBody(vector.encrypt), now)).toEqual({ ok: false, reason });
  });

  it.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('a push that is %i seconds old: %j', (seconds, ok) => {
    const then = new Date(now.getTime() + seconds * 1000);
    expect(openPush(safe, vectorQuery, sealedBody(vector.encrypt), then).ok).toBe(ok);
  });

  it('another message under the same signatures', () => {
    const { body: foreign } = sealedPush(sender, vector.message.replace('hi', 'ho'));
    expect(openPush(safe, vectorQuery, foreign, now)).toEqual({ ok: false, reason: 'signature' });
  });

  it('a message that was sealed for another app', () => {
    const push = sealedPush({ ...sender, appid: 'wxfedcba9876543210' }, vector.message);
    expect(openPush(safe, push.query, push.body, now)).toEqual({ ok: false, reason: 'appid' });
  });

  it('a message to another account', () => {
    const push = sealedPush(sender, vector.message.replace('gh_demo00000001', 'gh_other'));
    expect(openPush(safe, push.query, push.body, now)).toEqual({ ok: false, reason: 'receiver' });
  });

  it('a seal that does not open', () => {
    const push = sealedPush({ ...sender, encodingAesKey: vector.encodingAesKey.toUpperCase() }, vector.message);
    expect(['sealed', 'appid']).toContain((openPush(safe, push.query, push.body, now) as { reason: string }).reason);
  });

  it('entities, whether they lie open or were sealed', () => {
    expect(openPush(plain, plainQuery(sender), body(bomb), now)).toEqual({ ok: false, reason: 'doctype' });
    expect(openPush(safe, vectorQuery, body(bomb), now)).toEqual({ ok: false, reason: 'doctype' });
    const push = sealedPush(sender, bomb);
    expect(openPush(safe, push.query, push.body, now)).toEqual({ ok: false, reason: 'doctype' });
  });

  it.each([
    ['a comment', hidden('<!-- <![CDATA[ -->', '<!-- ]]> -->')],
    ['an attribute', hidden('<A b="<![CDATA[">', ']]></A>')],
    ['an instruction', hidden('<?a <![CDATA[ ?>', '<?a ]]> ?>')],
    ['small letters', vector.message.replace('<Content>', '<!doctype xml []><Content>')],
  ])('a document type that hides behind %s', (_, text) => {
    expect(openPush(plain, plainQuery(sender), body(text), now)).toEqual({ ok: false, reason: 'doctype' });
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['broken XML', vector.message.slice(0, -20)],
    ['crossed XML', '<xml><A><B></A></B></xml>'],
    ['another root', vector.message.replaceAll('xml>', 'html>')],
    ['broken JSON', '{"ToUserName":'],
    ['a list', '[]'],
    ['an open CDATA', '<xml><A><![CDATA[x</A></xml>'],
    ['20,000 levels', `<xml>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</xml>`],
    ['prototypes', '<xml><__proto__><a>1</a></__proto__></xml>'],
  ])('%s in place of a message', (_, text) => {
    expect(openPush(plain, plainQuery(sender), body(text), now)).toEqual({ ok: false, reason: 'body' });
  });

  it('bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([body('<xml>'), Buffer.from([0xff, 0xfe]), body('</xml>')]);
    expect(openPush(plain, plainQuery(sender), bytes, now)).toEqual({ ok: false, reason: 'body' });
  });

  it.each([
    ['no sender', vector.message.replace('oDemoOpenId_0000000000000001', '')],
    ['a sender that is no openid', vector.message.replace('oDemoOpenId_0000000000000001', 'a b')],
    ['no kind', vector.message.replace('<![CDATA[text]]>', '')],
    ['no time', vector.message.replace('<CreateTime>1767225600</CreateTime>', '')],
  ])('a message with %s', (_, text) => {
    const push = sealedPush(sender, text);
    expect(openPush(safe, push.query, push.body, now)).toEqual({ ok: false, reason: 'content' });
  });
});

it('reads what people really write: entities in text, markup in CDATA, 64 bits', () => {
  const text = vector.message
    .replace('<![CDATA[hi]]>', '<![CDATA[<!DOCTYPE html> &amp; <b> 0123]]>')
    .replace('1234567890123456', '9223372036854775807');
  const push = sealedPush(sender, text);
  expect(openPush(safe, push.query, push.body, now)).toMatchObject({
    push: {
      dedupeKey: `${vector.appid}:msgid:9223372036854775807`,
      content: { text: '<!DOCTYPE html> &amp; <b> 0123' },
    },
  });
  const number = sealedPush(sender, vector.message.replace('<![CDATA[hi]]>', '01.50'));
  expect(openPush(safe, number.query, number.body, now)).toMatchObject({ push: { content: { text: '01.50' } } });
  const escaped = sealedPush(sender, vector.message.replace('<![CDATA[hi]]>', '&#20013;&amp;&lt;'));
  expect(openPush(safe, escaped.query, escaped.body, now)).toMatchObject({ push: { content: { text: '中&<' } } });
});

describe('the check of the push URL', () => {
  it('gets its echostr back to the letter', () => {
    expect(verifyServerUrl(safe, { signature, timestamp, nonce, echostr: '7 <&>' }, now)).toBe('7 <&>');
  });

  it.each([
    ['a wrong signature', { signature: '0'.repeat(40), timestamp, nonce, echostr: '7' }, now],
    ['no echostr', { signature, timestamp, nonce }, now],
    ['two echostr', { signature, timestamp, nonce, echostr: ['7', '8'] }, now],
    ['no query', {}, now],
    ['an old timestamp', { signature, timestamp, nonce, echostr: '7' }, new Date(now.getTime() + 301_000)],
  ])('gets nothing with %s', (_, query, at) => {
    expect(verifyServerUrl(safe, query, at)).toBeNull();
  });
});
