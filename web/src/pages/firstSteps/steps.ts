// Which of the first steps are done, by what the server says and where this page is looked at.

import type { FirstSteps } from '../../api/firstSteps.ts';

/** Whether each is done. */
export interface Done {
  account: boolean;
  address: boolean;
  key: boolean;
  example: boolean;
}

/** Whether the address that the server gives out is the one that browsers come by, and may keep a sign-in. */
export function isAddressRight({ public_url: url, address }: FirstSteps, here: string): boolean {
  return !address && url === here;
}

/** What is done. Whoever reads it has an account. */
export function doneOf(steps: FirstSteps, here: string): Done {
  return { account: true, address: isAddressRight(steps, here), key: steps.key_kept, example: steps.signed_in };
}

/** Whether there is something left to show. */
export function areShown(steps: FirstSteps, here: string): boolean {
  return !steps.dismissed && !Object.values(doneOf(steps, here)).every(Boolean);
}
