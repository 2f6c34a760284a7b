import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { InvalidAdEvents } from './ad.errors';
import { adSecret, viewIn, type AdView } from './ad-token';

export enum AdEventKind {
  IMPRESSION = 'impression',
  CLICK = 'click',
}
registerEnumType(AdEventKind, {
  name: 'AdEventKind',
  valuesConfig: {
    IMPRESSION: { description: 'It was before somebody’s eyes.' },
    CLICK: { description: 'Somebody followed it.' },
  },
});

@InputType()
export class AdEventInput {
  @Field(() => String, { description: 'Of the showing.' }) token!: string;
  @Field(() => AdEventKind) kind!: AdEventKind;
}

@InputType()
export class RecordAdEventsInput {
  @Field(() => [AdEventInput], { description: 'At most 50.' }) events!: AdEventInput[];
}

@ObjectType()
export class AdEventsRecorded {
  @Field(() => Int, { description: 'New ones; what was told before is not counted again.' })
  recorded!: number;
  @Field(() => Int, { description: 'Whose token is not ours, was changed or is too old.' })
  refused!: number;
}

export const RecordAdEventsResult = createUnionType({
  name: 'RecordAdEventsResult',
  types: () => [AdEventsRecorded, InvalidAdEvents] as const,
});

const maxEvents = 50;

/** Notes what was seen and followed, by anybody: a showing counts once of each kind. A job judges and charges it. */
export const recordAdEvents = async (
  ctx: Ctx,
  { events }: RecordAdEventsInput,
): Promise<typeof RecordAdEventsResult> => {
  if (events.length > maxEvents) return new InvalidAdEvents();
  const secret = await adSecret(ctx.db);
  const now = ctx.deps.now();
  const good = events.flatMap(({ token, kind }) => {
    const view = viewIn(secret, token, now);
    return view === null ? [] : [{ ...view, kind }];
  });
  const recorded = good.length === 0 ? 0 : await write(ctx, good);
  return Object.assign(new AdEventsRecorded(), { recorded, refused: events.length - good.length });
};

const write = useCase(
  async (tx, events: readonly (AdView & { kind: AdEventKind })[]): Promise<number> => {
    const rows = await tx.db.query<unknown[]>(
      `INSERT INTO ad_event (view_id, kind, placement_id, author_id, viewer, day, audience, received_at)
       SELECT DISTINCT ON ("viewId", kind) "viewId", kind, "placementId", "authorId", viewer, day, audience, $2
       FROM json_to_recordset($1::json) AS told ("viewId" uuid, kind text, "placementId" uuid, "authorId" uuid,
         viewer text, day date, audience text)
       ORDER BY "viewId", kind ON CONFLICT DO NOTHING RETURNING 1`,
      [JSON.stringify(events), tx.now],
    );
    return rows.length;
  },
);
