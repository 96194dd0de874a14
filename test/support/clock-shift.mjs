// Loaded before a server (`node --import`): its clock stands CLOCK_SHIFT_MS ahead of the machine's.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const Clock = globalThis.Date;

globalThis.Date = class Date extends Clock {
  constructor(...given) {
    if (given.length === 0) super(Clock.now() + shiftMs);
    else super(...given);
  }

  static now() {
    return Clock.now() + shiftMs;
  }
};
