import { Entity, PrimaryColumn, Column } from 'typeorm';
import { id, instant, text, whole } from './columns.ts';

/** A file that is kept as it came, in pieces, so that memory does not grow with it. */
@Entity('kept_files')
export class KeptFile {
  @id()
  id!: string;

  @text(100)
  name!: string;

  @text(100)
  contentType!: string;

  @whole()
  bytes!: number;

  @text(64)
  sha256!: string;

  @instant()
  keptAt!: Date;
}

@Entity('kept_file_pieces')
export class KeptFilePiece {
  @PrimaryColumn('varchar', { length: 36 })
  fileId!: string;

  @PrimaryColumn('int')
  position!: number;

  @Column('blob')
  bytes!: Buffer;
}
