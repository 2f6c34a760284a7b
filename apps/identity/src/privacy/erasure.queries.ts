import type { AccountId } from '@lyceum/contracts';
import assert from 'node:assert';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';

@ObjectType({ description: 'How many rows of a table were erased.' })
export class ErasedRows {
  @Field(() => String) table!: string;
  @Field(() => Int) rows!: number;
}

@ObjectType({ description: 'The receipt of one part of the system.' })
export class ErasedPart {
  @Field(() => String) part!: string;
  @Field(() => Date) erasedAt!: Date;
  @Field(() => [ErasedRows]) tables!: readonly ErasedRows[];
}

@ObjectType({ description: 'The erasure of a person, part by part.' })
export class Erasure {
  @Field(() => ID) id!: string;
  accountId!: AccountId;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When every part had answered.' })
  completedAt!: Date | null;
  @Field(() => [ErasedPart]) parts!: readonly ErasedPart[];
}

const find = async (
  db: EntityManager,
  column: 'id' | 'receipt_hash',
  value: string,
): Promise<Erasure | null> => {
  const [row] = await db.query<object[]>(
    `SELECT id, account_id AS "accountId", requested_at AS "requestedAt", completed_at AS "completedAt"
     FROM erasure WHERE ${column} = $1`,
    [value],
  );
  if (row === undefined) return null;
  const erasure = Object.assign(new Erasure(), row);
  const parts = await db.query<object[]>(
    `SELECT part, erased_at AS "erasedAt", tables FROM erasure_part WHERE erasure_id = $1 ORDER BY part`,
    [erasure.id],
  );
  erasure.parts = parts.map((part) => Object.assign(new ErasedPart(), part));
  return erasure;
};

export const erasureById = async (db: EntityManager, id: string): Promise<Erasure> => {
  const erasure = await find(db, 'id', id);
  assert(erasure !== null, 'the erasure was written before');
  return erasure;
};

export const erasureByReceiptHash = (db: EntityManager, hash: string): Promise<Erasure | null> =>
  find(db, 'receipt_hash', hash);
