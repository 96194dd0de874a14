import { useEffect, useState } from 'react';
import type { FrontSettings } from '../../src/contracts/index.ts';
import { getSettings } from './api.ts';

/** Null until they are there; a page goes on without them. */
export function useSettings(): FrontSettings | null {
  const [settings, setSettings] = useState<FrontSettings | null>(null);
  useEffect(() => {
    getSettings().then(setSettings, () => undefined);
  }, []);
  return settings;
}
