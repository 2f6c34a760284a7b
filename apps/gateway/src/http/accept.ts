/** True for headers that name one of the types, or everything. Weights other than "not at all" are not looked at. */
const accepts = (header: string | undefined, types: readonly string[]): boolean =>
  (header ?? '').split(',').some((part) => {
    const [type, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return (
      types.includes(type ?? '') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    );
  });

const jsonTypes = ['application/json', 'application/graphql-response+json', 'application/*', '*/*'];

export const acceptsJson = (header: string | undefined): boolean =>
  header === undefined || header === '' || header === '*/*' || accepts(header, jsonTypes);

export const acceptsEventStream = (header: string | undefined): boolean =>
  header !== undefined && accepts(header, ['text/event-stream']);

export const acceptsHtml = (header: string | undefined): boolean =>
  header !== undefined && accepts(header, ['text/html']);

/** True when nothing but `application/json` can be meant: which other form is preferred needs no weighing. */
export const wantsPlainJson = (header: string | undefined): boolean =>
  header === undefined || header === '' || header === '*/*' || header === 'application/json';
