/** Published test values of the WeChat Pay documentation (4012365336, 4012365334) and values computed alike with its test key. */
export const documentedKeyPem = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAptpm+qvIDCh/9wjU26SQ
CK26ogYkBhDrYxnAaw2JbbBsp1oDbHKk+1r381NeBUG2HEFAuU+Fr72u5ot3yKdz
oF/FajAzQNKnm569/D3upKoi8mYBaST15Uig8j8qoUW1U217LL0jEHlSnHV3lcaD
TXqDpTRR4Bfz9IqOgJgFZ8/oTfEomSrjrLYef81Eyxr7ZIMQXEKKEK7V4UXKS0+/
fDsiG/cXidhzt8UbTL9vqXqxM2+IDImyO+FAc/tkBG55LmzxPto1Nq0WbnZzRM/w
Tzrd0I/8NlevxtFbphg4evlHjFNI7+GrqR87ViEwuAJJ9Je5QQjct5YJfFRWiZ5C
MQIDAQAB
-----END PUBLIC KEY-----`;

export const timestamp = '1554208460';
export const nonce = '593BEC0C930BF1AFEB40B4A08C8FB242';

export const requests = [
  {
    name: 'V1, POST with a body',
    method: 'POST' as const,
    target: '/v3/pay/transactions/jsapi',
    body: '{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"Image形象店-深圳腾大-QQ公仔","out_trade_no":"1217752501201407033233368018","notify_url":"https://www.weixin.qq.com/wxpay/pay.php","amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}',
    hash: '87a9f84cd9b4bdb78ec4dbe4595c8c8bf04d3e79a6765b2100741d1a473d37af',
    signature:
      'jnks4dlrPw3ZX+ozVvSK39oa0t7OMBsg83BHAwd8BRdUFiVaQNTLTvci+wURgP1OQBbKYhFGvt7iqYpDSTQkp7Uq1sltaQKyncCyrA1g88m5bsKERQfPyT0ahSwKTYJ1CAn9QiJuSJRq1QsQs07eehbU/k9BCS51jTyc1Jpsi2H77HF9f/BnjXAOP3/sPObg6V5Ee4EzwLox684hhuMuIwHo7D8KFk3LIHOKDcNI4It1aCXydFWNpNK+SG86VUDe5kwoDpw4Ulqfu9z8OFDGbDs9TCxEv8iqQzbpxOlEVoOe2kalSYM5kApQb3nZcxdUtoE0liJGW3RGUNE0t4v01A==',
  },
  {
    name: 'V2, GET with a value in the path',
    method: 'GET' as const,
    target: '/v3/refund/domestic/refunds/123123123123',
    body: '',
    hash: null,
    signature:
      'Lc9VXxmeonkdV8Xk9tmigQFLhl0vRWTerdmoRu01aAnYwIrD/5nsSwE1WlmZGLRlAFTNQ3QsMa0+VRDlJp1Wp5p0nO8EK68b5sJBbjouxaFciIfq1zfDWWz+jqhcMoKXI1A6dPm1AW7D4d30WsMTNzp6g23OXakIsh9LO3lUmwvTuE0BY8ncf6tNGk4wKmvXwERd/ZpoQY3MAVKz+Nakwc+2XBmzT66KcUehU5kr4IvGa/lEU5RZb/q00zP9VLdBhC/jQSX3X1UcJLCtEc4gTmib4tnmAT+bHF/e17ZAuxDNcx6rqT8gNEXqaJGG+1OflMSTU2tpyG65G4dMKdFcoA==',
  },
  {
    name: 'V3, GET of the certificates',
    method: 'GET' as const,
    target: '/v3/certificates',
    body: '',
    hash: 'fab5c8a222049f386cb01453c7dc712c7997e756271557b0ef6e2e5060575373',
    signature:
      'JNEITrKv8DWEtBJGZtxG9ARa+eIZDIn1Ht3MQM5j9jP77TtHdfCqLjpwevfWftBuaGMfEdiu2sWYtLvnZIoLW3FH10OVCBzKncid5xClTwav8JX+uDeGBBX8w64iHvFyuQj8ukZT+F1AFJii8hmXLD8Os90thnL0bfJYLo/4K237TH4dEd44NTH9ElFb/ykrvv9RBs+mCNpy5IUe2Qxhba3d3RiMqhWK2sSr3tsVzQihJ0TPMnjWqoU2W5Y/v3rBFDmLhqe0ZW6A4vyvjmiR0v/8XEI25Py4PNyZXszsdl4j0zLqelUJxGEMUBhYg1LIoDPjYMlA9HV1yKD6+JYZJA==',
  },
  {
    name: 'V4, GET with a query',
    method: 'GET' as const,
    target: '/v3/pay/transactions/out-trade-no/1217752501201407033233368018?mchid=1900007291',
    body: '',
    hash: 'cfc369a03b0fcd10297c8c5fcc67f442fe027cf52608cbe11d30f1415b3f9faf',
    signature:
      'cVvdVujlEmASmAYpcmKXmIrlQualKxd87f8XZtnTeLCw3V7kZ1ST6YwX0kSLsqJeecZqmKJfd6ieRl/hRLZUodxXU1NzoTz1OXNh6TzBfcxU8xRNFbmPiEHwMJM7Jo52TYGk71MaCbvkPlUpUL6WhpmAgfC7jg/3IcA/UILbby4Nro0Nbq0An/DYEEp8vZMaags/5ed52JpGqxEOcTLIuqihy+Amy5z+t8m3a93YTRNDRi0W5b332UQBtrWRSwJOMU96Nof7hJC2MM71Y1bHB8YP8kBKaoDW7vEoNsEMVzkyp0pyjUHFWc6yaRVHE054z79S2koj3jSRbCiY+CaJzg==',
  },
];

/** V5 and V6 */
export const pay = {
  appid: 'wx2421b1c4370ec43b',
  prepayId: 'wx201410272009395522657a690389285100',
  jsapiSignature:
    'mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YOvQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcILgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPjpHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw==',
  appSignature:
    'gXx9KhTP6IooKV1SuG3OCGlBIgZbKtubCZvnau6khw1iffvNT28IzLbKmztq2xA/RCNbZa1XOsoiuVmAEeTZQicWfhv4P+O4oBRIrx0X9f3cnWFkMBU9alTWs0nyQ1N9fcILOTe0f4kxOhVh+/Xhn5hOiUK7Sz3XA1mcpa3R2NCWf/e+0ow/RDf15iTymOHgDrEkT/gedg/3E0iXfDX3mFicSZhrHESZDOTXcl9RzELREBUFznd/o2NQM99WcL86m23HY0cTy+QGWU4QDmNrbQ9ihmLW71qPb0Cx/d7EQvw/Kyx0A6s64ZQp3hHdcmiRcLnjVXrKCk7LShaCK+lS3Q==',
};

/** V7 */
export const seal = {
  sealKey: 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb',
  sealed: {
    algorithm: 'AEAD_AES_256_GCM',
    nonce: 'uluk4a9R25RW',
    associated_data: 'associatedData',
    ciphertext: 'ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=',
  },
  plain: 'message',
};

const serial = 'PUB_KEY_ID_0119000072912024060100000000000001';

/** V8 */
export const notice = {
  serial,
  apiV3Key: '0123456789abcdef0123456789ABCDEF',
  headers: {
    'wechatpay-timestamp': '1717207206',
    'wechatpay-nonce': 'd824f2e086d3c1df967785d13fcd22ef',
    'wechatpay-serial': serial,
  },
  body: '{"id":"EV-20240601100006000001","create_time":"2024-06-01T10:00:06+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"支付成功","resource":{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"bz1kVndYkCFlgKSe7VZeuBtAZqjr2XsCUhw9dEHzO9M653wGxG2i4fVCms/wOqKZjUsbFiP7HsHKfJhCIMNmvF5niBk/a3vVrQbhjJzhBeVmf5SShSqKjHpBZKEQycZ/TAUVLeXBJLbL8bVl2CTx4iEJ5cApRJMqZ9fHKk8w+4zXMBAjAKFTkYTIYbyKKIX0Uqr498RfTY8oyOWkaCzxXnZuG9KWW1buvEBcYCsytsCwmRBNdYISSdU/+S1JElrN9q2uIU1thwCHW36Rk8sRzMEMS7KNB//Phqgeqabdda58Bi30d6MDmWMH0ybIqmfcZxrJn2czpjhhGXUtu25s26wjdbCGVI1pxuJ5APpcAJaxm8yiYYVU38/V1hpWZNfxJkU09WbAEDKSAbkalE4waZ8k9N/bKQp2aKqyVOJkT9WikSk6yncUO4SV7iWjr42SfYvMH0nZkdGp6qrEF2YP6TX1zTsK6acwd/tiQH5byVMOysVAlzcd+soo6NYsD1X0oAVTpHMd0RFTjCL4U6hF4b8JbMGjC3PW+29FOdRgCr5n0mSVBV3B4dihCglvSn4FVIwGZnGU","associated_data":"transaction","nonce":"fdasflkja484"}}',
  signature:
    'K9nHhSbey+pYIyC3TpRk9ah0wpoHac2HdG5J4IchIHcZTTtJLdWe2aY23Z29VlE9YxMosHUPCNPstSDgJCtIOG7vpuoL/P+qCz6WooM9sM7E6j5u/SP1/yvZPaq9/TCW6ja+OkgSUf6MkNY6Ot4k9M/v670g23JYzhYT+s+geNIIAOejjY0fpvu++yvTnnTEaRhDMNVqmptMgb4A/rC1/jZbgcI40ZpvemyJlZ38cJC0ffcvagold1cq62GXtuEPsVYFBVLIpTV/iWIL/smBdjFyModJa8KAeOH/h8ZOWBmuX9YBt77FPw/ZBrXRpptVSGrUZA7o2N24JGUu4f1rTQ==',
};

/** V9: timestamp, nonce and key of V8. */
export const emptyBodySignature =
  'Cr1wLePOJIDSe187qv/JrCm67FLpbRSDC7bNVAumyn9yySqLtBjiVmO9cp4Re/Q0qitSU66seZQJ7LAmEOfp7xhT3HbOpp+5dvkldtU1Mpjd+CkeYW5ojzs7al8RrNVMwjcFPL+1HHs7Ei65z/kouRzbzYLDQtHtoek9BXaeZ36jyTxqeOefr52N3ulgscQWaYjR8AyoWjFZN4A1yzOcfjZkzQQh9FYk7ccrUBP5vfgP4gGzO3fE/xAPXAtve4XyPWEUALwzihRGMVuwPeKG6EWLKTr/YISdk5oq0a+qZFeOFEXzzTfI9rT7G0uoLDsC7r/ULQSex59AQFMRkBlK3A==';
