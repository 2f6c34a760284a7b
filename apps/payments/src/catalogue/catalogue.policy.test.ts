import { roles } from '@lyceum/contracts';
import { canManageCatalogue } from './catalogue.policy';

const statuses = ['active', 'left', 'banned'] as const;
const cases = roles.flatMap((role) => statuses.map((status) => ({ role, status })));

describe('who manages the catalogue', () => {
  it.each(cases)('$role, $status', ({ role, status }) => {
    const isGoverning = role === 'owner' || role === 'admin';
    expect(canManageCatalogue({ role, status })).toBe(isGoverning && status === 'active');
  });

  it('nobody who is no member', () => {
    expect(canManageCatalogue(null)).toBe(false);
  });
});
