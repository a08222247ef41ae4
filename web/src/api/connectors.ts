// Connectors and their versions, read and written.

import { queryOptions } from '@tanstack/react-query';
import { api, data } from './client.ts';

/** All connectors, and what people should know of them. */
export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: () => data(api.GET('/api/connectors')),
});
