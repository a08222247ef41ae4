// Where the builder's page begins: theme, cache and router around whatever page the address names.

import '@mantine/core/styles.css';
import './page.css';

import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from '../api/queries.ts';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { nonce } from './nonce.ts';
import { router } from './router.ts';
import { theme, variables } from './theme.ts';

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no place for the page');
setNonce(nonce());

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <QueryClientProvider client={queries}>
        <LiveRegion>
          <RouterProvider router={router} />
        </LiveRegion>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
