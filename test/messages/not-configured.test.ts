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
    const warned = world.test.logged.filter((line) => line.includes('"level":"warn"') && line.includes('_TEMPLATES'));
    expect(warned.map((line) => JSON.parse(line) as object)).toMatchObject([
      { variable: 'OFFICIAL_ACCOUNT_TEMPLATES', messages: ['order-paid'], msg: 'messages without a template' },
      { variable: 'MINI_PROGRAM_TEMPLATES', messages: ['another-message'] },
      { variable: 'MINI_PROGRAM_TEMPLATES', messages: ['order-paid'] },
    ]);
  } finally {
    await world.stop();
  }
}, 60_000);
