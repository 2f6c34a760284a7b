const longestBase = 20;

/** A handle made of a display name: `José Ñandú 3` → `Jose-Nandu-3`. Names without Latin letters have none of their own. */
export const handleOf = (displayName: string): string => {
  const latin = displayName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longestBase)
    .replace(/-+$/, '');
  return latin.length < 3 ? 'member' : latin;
};

/** The handle when another has that one already: the account's id tells them apart. */
export const distinctHandleOf = (displayName: string, accountId: string): string =>
  `${handleOf(displayName)}-${accountId.slice(-8)}`;
