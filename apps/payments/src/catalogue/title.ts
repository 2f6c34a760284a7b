const maxLength = 200;

/** The title in the form it is kept in, or null when it is empty or too long (in characters, not bytes). */
export const parseTitle = (text: string): string | null => {
  const title = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const length = Array.from(title).length;
  return length === 0 || length > maxLength ? null : title;
};
