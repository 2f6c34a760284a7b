import { badInput } from './bad-input.suite';
import { buying } from './buying.suite';
import { journeys } from './journey.suite';
import { security } from './security.suite';
import { privacy } from './privacy.suite';
import { startEmbedded, type System } from './system';

describe('embedded: one process, PostgreSQL alone', () => {
  let system: System;
  beforeAll(async () => {
    system = await startEmbedded();
  }, 60_000);
  afterAll(() => system.stop());

  journeys(() => system);
  buying(() => system);
  badInput(() => system);
  privacy(() => system);
  security(() => system);
});
