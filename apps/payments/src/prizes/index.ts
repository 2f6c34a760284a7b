import { InvalidFunding, MayNotFundPrizes, PrizePoolNotFound } from './fund-prize-pool';
import { keepPrizePools } from './keep-prize-pools.consumer';
import { PrizePoolResolver } from './prize-pool.resolver';

export const prizes = {
  resolvers: [PrizePoolResolver],
  types: [PrizePoolNotFound, InvalidFunding, MayNotFundPrizes],
  consumers: [keepPrizePools],
};
