// The frame around every page: navigation at the side, or in a drawer where there is no room; sign-in where nobody is.

import { Burger, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { AccountContext, sessionQuery } from '../api/session.ts';
import { Find, FindButton } from '../find/Find.tsx';
import { SignInPage } from '../pages/account/SignInPage.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Loading } from '../ui/Loading.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Page } from '../ui/Page.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { Behind } from './Behind.tsx';
import { Navigation } from './Navigation.tsx';
import classes from './Shell.module.css';

/** The frame. */
export function Shell() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading />;
  if (session.isLoadingError) {
    return (
      <main>
        <Page title="Stepgate">
          <Failure error={session.error} reset={() => void session.refetch()} />
        </Page>
      </main>
    );
  }
  if (!session.data) return <SignInPage />;
  return (
    <AccountContext value={session.data}>
      <Frame />
    </AccountContext>
  );
}

function Frame() {
  const [open, menu] = useDisclosure(false);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.side}>
        <Link to="/" className={classes.brand}>
          <Mark /> Stepgate
        </Link>
        <FindButton />
        <Navigation />
        <AccountMenu />
      </aside>
      <Find />
      {/* No header: dialogs bring one of their own, and a page has one at most. */}
      <section aria-label="Top bar" className={classes.bar}>
        <Burger opened={open} onClick={menu.toggle} size="sm" aria-label="Menu" aria-expanded={open} />
        <Link to="/" className={classes.brand}>
          <Mark /> Stepgate
        </Link>
      </section>
      <Drawer opened={open} onClose={menu.close} title="Menu" size={280}>
        <div className={classes.drawer}>
          <FindButton onGo={menu.close} />
          <Navigation onGo={menu.close} />
          <AccountMenu onGo={menu.close} />
        </div>
      </Drawer>
      <main id="content" tabIndex={-1} className={classes.content}>
        <Behind />
        <Outlet />
      </main>
    </div>
  );
}
