import { composeSupergraph } from '@lyceum/gateway/app';
import { sdls } from './shop';

/** What both gateways are started with. */
export interface GatewayInput {
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  readonly supergraphSdl: string;
}

export const gatewayInput = (ports: readonly number[]): GatewayInput => {
  const composed = composeSupergraph(Object.entries(sdls).map(([name, sdl]) => ({ name, sdl })));
  if ('errors' in composed) throw new Error(composed.errors.join('\n'));
  return {
    subgraphs: Object.keys(sdls).map((name, index) => ({
      name,
      url: `http://127.0.0.1:${String(ports[index])}`,
    })),
    supergraphSdl: composed.supergraphSdl,
  };
};
