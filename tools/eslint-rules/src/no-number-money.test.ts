import { noNumberMoney } from './no-number-money';
import { testRule } from './test-rule';

const numberMoney = (name: string) => ({ messageId: 'numberMoney' as const, data: { name } });

testRule(noNumberMoney, {
  valid: [
    'interface Price { amountMinor: bigint; currency: string }',
    'const f = (price: Money, amounts: readonly Money[]) => price;',
    'class A { @Field(() => Money) price!: Money; }',
    'interface Entry { points: number; count: number }',
    'class A { @Field(() => Int) priority!: number; }', // begins like price, and is none
    'const amount = readAmount();',
    'interface A { pricedAt: number }',
  ],
  invalid: [
    { code: 'interface Order { amount: number }', errors: [numberMoney('amount')] },
    {
      code: 'interface Order { amountMinor: number | null }',
      errors: [numberMoney('amountMinor')],
    },
    { code: 'class Order { priceMinor!: number; }', errors: [numberMoney('priceMinor')] },
    { code: 'const pay = (amount: number) => amount;', errors: [numberMoney('amount')] },
    { code: 'function pay(totalPrice: number) {}', errors: [numberMoney('totalPrice')] },
    { code: 'const unitPrice: number = 1;', errors: [numberMoney('unitPrice')] },
    { code: 'const f = (prices: readonly number[]) => prices;', errors: [numberMoney('prices')] },
    { code: 'class A { constructor(readonly price: number) {} }', errors: [numberMoney('price')] },
    { code: 'type Input = { refundAmount?: number };', errors: [numberMoney('refundAmount')] },
    {
      code: 'class Order { @Field(() => Int) price!: string; }',
      errors: [{ messageId: 'numberField', data: { name: 'price' } }],
    },
    {
      code: 'class Order { @Field(() => Float) amount!: number; }',
      errors: [numberMoney('amount'), { messageId: 'numberField', data: { name: 'amount' } }],
    },
  ],
});
