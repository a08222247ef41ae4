// A link to another of our pages, which loads nothing anew.

import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** The link. */
export const PageLink = createLink(Anchor<'a'>);
