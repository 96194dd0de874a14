import type { Plant } from './plant.ts';

export interface BillFile {
  bytes: Buffer;
  /** Of the bytes, before any packing. */
  sha1: string;
}

/** What there is to the bills of one day besides the books. */
export interface BillDay {
  /** What a bill told of a refund, by out_refund_no: it is never told otherwise. */
  states: Map<string, { status: string; succeededAt: number | null }>;
  plants: Plant[];
  /** Files as they were handed out, by kind. */
  files: Map<string, BillFile>;
}

/** What a token opens. */
export interface HandedOut {
  mchid: string;
  bytes: Buffer;
  isPacked: boolean;
  /** The file ends in the middle. */
  isCut: boolean;
  /** Virtual Unix milliseconds. */
  expiresAt: number;
}

/** Bills that were made: a day's file stays as it is until something is planted. */
export class Bills {
  readonly days = new Map<string, BillDay>();
  readonly tokens = new Map<string, HandedOut>();

  of(day: string): BillDay {
    const known = this.days.get(day) ?? { states: new Map(), plants: [], files: new Map() };
    this.days.set(day, known);
    return known;
  }

  /** The next one who asks for the bill of this day or a later one gets a new version. */
  forgetFilesFrom(day: string): void {
    for (const [known, { files }] of this.days) if (known >= day) files.clear();
  }
}
