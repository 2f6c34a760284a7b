import { mutationIsAuthorized } from './mutation-is-authorized';
import { noNetworkInUseCase } from './no-network-in-use-case';
import { noNumberMoney } from './no-number-money';

/** The rules of this repository's own, as an ESLint plugin; `eslint.config.mjs` uses it as `lyceum`. */
export const plugin = {
  meta: { name: 'lyceum' },
  rules: {
    'mutation-is-authorized': mutationIsAuthorized,
    'no-network-in-use-case': noNetworkInUseCase,
    'no-number-money': noNumberMoney,
  },
};
