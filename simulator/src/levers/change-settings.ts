import { LeverError } from '../errors.ts';

/**
 * Changes some settings, none of them by mistake: a name that is not there or a value of another kind is refused.
 * @throws LeverError 400
 */
export function changeSettings<T extends object>(
  settings: T,
  wanted: Partial<T>,
  choices: { [Key in keyof T]?: readonly T[Key][] } = {},
): T {
  for (const name of Object.keys(wanted) as (keyof T)[]) {
    if (!(name in settings)) throw new LeverError(400, `no such setting: ${String(name)}`);
    const value = wanted[name] as T[keyof T];
    const admitted = choices[name];
    const given: unknown[] = Array.isArray(value) ? value : [value];
    if (admitted && !given.every((one) => (admitted as readonly unknown[]).includes(one)))
      throw new LeverError(400, `${String(name)} is one of ${admitted.join(', ')}`);
    if (!isSameKind(settings[name], value))
      throw new LeverError(400, `${String(name)} cannot be ${JSON.stringify(value)}`);
  }
  return Object.assign(settings, wanted);
}

function isSameKind(current: unknown, value: unknown): boolean {
  // Only limits may be absent, and a limit is a number.
  if (current === null || value === null)
    return [current, value].every((one) => one === null || typeof one === 'number');
  return typeof current === typeof value && Array.isArray(current) === Array.isArray(value);
}
