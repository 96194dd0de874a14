interface StandIn {
  kit: unknown;
  origin: string;
  backupOrigin: string;
}

export function environmentFor(simulator: StandIn): Record<string, string>;
export function introduce(simulatorOrigin: string, serverOrigin: string): Promise<void>;
