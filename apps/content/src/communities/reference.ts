import { isId } from '@lyceum/contracts';

/** Communities and members belong to identity: any id may be right, and what we don't know has no content yet. */
export const anyId = ({ id }: { readonly id: string }) => (isId(id) ? { id } : null);
