import { weaknessOf } from './password-policy';

const person = { handle: 'ada_lovelace', email: 'countess@example.org' };

describe('weaknessOf', () => {
  it.each([
    'Password123',
    'P@ssw0rd2024!',
    'passwordpassword',
    'iloveyou123456',
    'qwertyuiop',
    '1q2w3e4r5t6y',
    '1234567890',
    '0987654321',
    'abcdefghij',
    'qwertyuiop123456',
    'aaaaaaaaaaaa',
    'abababababab',
    'WELCOME2026',
    'letmein!!!!!',
    'Administrator1',
    'ada_lovelace1',
    'countess@example.org',
    'woaini1314520',
    'пароль123456',
    'trustno1111',
  ])('refuses %j', (password) => {
    expect(weaknessOf(password, person)).not.toBeNull();
  });

  it.each([
    'drapes-on-the-moon',
    'correct horse battery staple',
    'Tr0ub4dor&3-again',
    '月亮上的窗帘在风中轻轻飘',
    'w7$kQz!pLm',
    'password is not my password',
  ])('takes %j', (password) => {
    expect(weaknessOf(password, person)).toBeNull();
  });

  it('takes time in proportion to the length', () => {
    expect(weaknessOf('a1!'.repeat(1_000_000), person)).toContain('128');
  });
});
