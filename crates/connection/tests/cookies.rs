//! Cookies that calls bring: seen by all at once, written behind, merged, and no new version.

use crate::world::{TOKENS, World};
use connection::Handle;
use http::HeaderMap;
use http::header::SET_COOKIE;
use url::Url;

pub(crate) fn brings(world: &World, handle: &Handle, set_cookie: &str) {
    let url = Url::parse(&world.bank.upstream.url("/api")).unwrap();
    let headers = HeaderMap::from_iter([(SET_COOKIE, set_cookie.parse().unwrap())]);
    assert!(handle.store_cookies(&url, &headers, world.clock.now()));
}

pub(crate) fn cookie(world: &World, handle: &Handle, name: &str) -> Option<String> {
    let url = Url::parse(&world.bank.upstream.url("/api")).unwrap();
    handle.cookies().get(&url, name, world.clock.now())
}

#[tokio::test]
async fn cookies_of_two_processes_are_merged_and_raise_no_version() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let handle = world.sign_in(&one).await;
    let theirs = world.current(&other, handle.id()).await.unwrap();
    brings(&world, &handle, "a=1; Path=/");
    brings(&world, &theirs, "b=2; Path=/");
    one.connections.flush().await.unwrap();
    other.connections.flush().await.unwrap();
    let third = world.process(3);
    for process in [&one, &other, &third] {
        let found = world.current(process, handle.id()).await.unwrap();
        assert_eq!(found.version(), 1);
        assert_eq!(cookie(&world, &found, "sid").as_deref(), Some("1"));
        assert_eq!(cookie(&world, &found, "a").as_deref(), Some("1"));
        assert_eq!(cookie(&world, &found, "b").as_deref(), Some("2"));
    }
}

#[tokio::test]
async fn a_renewal_keeps_the_cookies_that_calls_brought() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    brings(&world, &handle, "a=1; Path=/");
    let renewed = world.renew(&process, &handle).await.unwrap();
    let restarted = world.process(2);
    let found = world.current(&restarted, handle.id()).await.unwrap();
    for handle in [&renewed, &found] {
        assert_eq!(cookie(&world, handle, "a").as_deref(), Some("1"));
    }
}
