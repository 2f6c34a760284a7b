import { handleOf } from './handle';

describe('handleOf', () => {
  it.each([
    ['José Ñandú 3', 'Jose-Nandu-3'],
    ['  --x.y--  ', 'x-y'],
    ['中文', 'member'],
    ['', 'member'],
    ['a', 'member'],
    ['A very long name of a person', 'A-very-long-name-of'],
    ['<script>alert(1)</script>', 'script-alert-1-scrip'],
  ])('%j → %s', (name, handle) => {
    expect(handleOf(name)).toBe(handle);
  });
});
