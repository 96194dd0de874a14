import { messageTemplates } from '../../templates/messages/index.ts';
import { MessageWorld } from './message-world.ts';

it('a message without templates is told as not configured; nothing is sent', async () => {
  const world = await MessageWorld.start({
    environment: { OFFICIAL_ACCOUNT_TEMPLATES: '', MINI_PROGRAM_TEMPLATES: 'another-message=x' },
  });
  try {
    const customer = await world.customer({ follows: true });
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable', reason: 'template_not_configured' });
    const stranger = await world.customer();
    expect(await world.told(stranger)).toMatchObject({ state: 'unreachable', reason: 'template_not_configured' });
    expect(await world.calls('/cgi-bin/message')).toEqual([]);
    const warned = world.test.logged.filter((line) => /templates? for messages|without a template/.test(line));
    const all = Object.keys(messageTemplates);
    expect(warned.map((line) => JSON.parse(line) as object)).toMatchObject([
      { app: 'official-account', messages: all, msg: 'messages without a template' },
      { variable: 'MINI_PROGRAM_TEMPLATES', messages: ['another-message'] },
      { app: 'mini-program', messages: all },
    ]);
  } finally {
    await world.stop();
  }
}, 60_000);
