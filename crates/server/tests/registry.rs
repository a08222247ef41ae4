//! What the registry serves while files and stored definitions come, change, break and go.

use secret::SecretString;
use server::registry::{Origin, Registry, RegistryError, Sources};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use store::{AppSettings, Digest, KeySource, NewDefinition, Published, Settings, Store};
use tempfile::TempDir;

struct World {
    _data: TempDir,
    dir: TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let settings = Settings {
            dir: data.path().to_owned(),
            key: KeySource::InDataDir,
            clock: model::Clock::new(SystemTime::now),
            random: model::Random::new(testkit::FixedRandom::seeded(7).source()),
        };
        let (store, _) = Store::open(settings).unwrap();
        Self {
            _data: data,
            dir: tempfile::tempdir().unwrap(),
            store,
        }
    }

    async fn open(&self) -> Result<Registry, RegistryError> {
        Registry::open(Sources {
            connectors: Some(self.dir.path().to_owned()),
            store: self.store.clone(),
            secrets_env: Arc::new(|name| {
                (name == "STEPGATE_SECRET_WIKI_FROM_ENV")
                    .then(|| SecretString::new("env".to_owned()))
            }),
            public_url: "https://gate.example.org/".parse().unwrap(),
        })
        .await
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.dir.path().join(file), text).unwrap();
    }

    async fn save(&self, connector: &str, text: &str, version: Option<u64>) {
        let new = NewDefinition {
            connector: connector.to_owned(),
            text: text.to_owned(),
            author: "ana".to_owned(),
            note: None,
        };
        self.store.save_definition(new, version).await.unwrap();
    }
}

fn definition(name: &str, path: &str) -> String {
    format!(
        "stepgate: 1\nconnector: {name}\nbase_url: https://wiki.example.org/{path}\n\
         secrets: [from_env, from_store]\n\
         environments: {{ staging: {{ base_url: https://staging.example.org }} }}\n"
    )
}

fn base_url(registry: &Registry, connector: &str) -> Option<String> {
    let snapshot = registry.snapshot();
    let served = snapshot.served(connector, None)?;
    Some(served.equipped.connector.base_url.to_string())
}

fn codes(registry: &Registry) -> Vec<&'static str> {
    let snapshot = registry.snapshot();
    snapshot.findings().iter().map(|found| found.code).collect()
}

#[tokio::test]
async fn files_come_change_break_and_go() {
    let world = World::new();
    world.write("wiki.yaml", &definition("wiki", "one"));
    world.write("notes.txt", "not a definition");
    world.write(".wiki.yaml.swp.yaml", "half");
    let registry = world.open().await.unwrap();
    let first = registry.generation();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/one"
    );
    assert_eq!(codes(&registry), Vec::<&str>::new());

    registry.reload().await.unwrap();
    assert_eq!(registry.generation(), first, "nothing changed");

    world.write("blog.yml", &definition("blog", ""));
    world.write("wiki.yaml", &definition("wiki", "two"));
    registry.reload().await.unwrap();
    assert_eq!(registry.generation(), first + 1);
    assert_eq!(registry.snapshot().generation, first + 1);
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/two"
    );
    assert!(base_url(&registry, "blog").is_some());

    world.write(
        "wiki.yaml",
        "stepgate: 1\nconnector: wiki\nbase_url: nowhere\n",
    );
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/two"
    );
    assert_eq!(codes(&registry), ["broken_definition"]);
    let finding = registry.snapshot().findings()[0].clone();
    assert!(
        finding.message.contains("wiki.yaml") && finding.to_string().contains("base_url"),
        "{finding}"
    );

    world.write("wiki.yaml", &definition("wiki", "three"));
    fs::remove_file(world.dir.path().join("blog.yml")).unwrap();
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/three"
    );
    assert_eq!(base_url(&registry, "blog"), None);
    assert_eq!(codes(&registry), Vec::<&str>::new());
}

#[tokio::test]
async fn two_files_of_one_name_are_refused_at_start_and_told_later() {
    let world = World::new();
    world.write("a.yaml", &definition("wiki", "a"));
    let registry = world.open().await.unwrap();
    world.write("b.yaml", &definition("wiki", "b"));
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/a"
    );
    assert_eq!(codes(&registry), ["two_files"]);
    let error = world.open().await.unwrap_err().to_string();
    assert!(
        error.contains("a.yaml") && error.contains("b.yaml"),
        "{error}"
    );
    // Who renames the first leaves the second to be served.
    world.write("a.yaml", &definition("wiki-2", "a"));
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/b"
    );
    assert_eq!(codes(&registry), Vec::<&str>::new());
}

#[tokio::test]
async fn a_reload_keeps_what_calls_have_prepared() {
    let world = World::new();
    world.write("wiki.yaml", &definition("wiki", ""));
    world.write("blog.yaml", &definition("blog", ""));
    let registry = world.open().await.unwrap();
    let before = registry.snapshot();
    world.write("blog.yaml", &definition("blog", "new"));
    let secret = SecretString::new("staged".to_owned());
    world
        .store
        .set_secret("wiki", Some("staging"), "from_store", secret)
        .await
        .unwrap();
    registry.reload().await.unwrap();
    let after = registry.snapshot();
    let same = |connector: &str, environment: Option<&str>| {
        let one = before.served(connector, environment).unwrap();
        Arc::ptr_eq(one, after.served(connector, environment).unwrap())
    };
    assert!(same("wiki", None));
    assert!(!same("wiki", Some("staging")), "its secret is new");
    assert!(!same("blog", None), "its text is new");
    assert!(after.served("wiki", Some("nowhere")).is_none());
    assert!(after.served("wiki", Some("")).is_none());

    let equipped = &after.served("wiki", Some("staging")).unwrap().equipped;
    assert_eq!(
        equipped.connector.base_url.as_str(),
        "https://staging.example.org/"
    );
    assert_eq!(
        &*equipped.callback_url,
        "https://gate.example.org/callback/wiki"
    );
    let secret = |name: &str| equipped.secrets.get(name).unwrap().reveal().clone();
    assert_eq!(
        (secret("from_env"), secret("from_store")),
        ("env".into(), "staged".into())
    );
}

#[tokio::test]
async fn stored_definitions_are_served_and_the_folder_wins() {
    let world = World::new();
    world
        .save("wiki", &definition("wiki", "stored"), None)
        .await;
    let registry = world.open().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/stored"
    );

    world
        .save("wiki", "stepgate: 1\nconnector: wiki\n", Some(1))
        .await;
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/stored"
    );
    assert_eq!(codes(&registry), ["broken_definition"]);
    // Also after a start.
    let again = world.open().await.unwrap();
    assert_eq!(
        base_url(&again, "wiki").unwrap(),
        "https://wiki.example.org/stored"
    );

    world
        .save("wiki", &definition("wiki", "stored"), Some(2))
        .await;
    registry.reload().await.unwrap();
    let origin = registry
        .snapshot()
        .entry("wiki")
        .unwrap()
        .definition
        .origin
        .clone();
    assert_eq!(origin, Origin::Store { version: 3 });

    world.write("wiki.yaml", &definition("wiki", "file"));
    registry.reload().await.unwrap();
    assert_eq!(
        base_url(&registry, "wiki").unwrap(),
        "https://wiki.example.org/file"
    );
    assert_eq!(codes(&registry), ["in_folder_and_store"]);
}

#[tokio::test]
async fn apps_are_found_by_the_hashes_of_their_keys() {
    let world = World::new();
    let registry = world.open().await.unwrap();
    let settings = AppSettings {
        title: "Shop".to_owned(),
        origins: vec!["https://shop.example.org".to_owned()],
        return_addresses: vec!["https://shop.example.org/back".to_owned()],
        connectors: vec![Published {
            connector: "wiki".to_owned(),
            selected: false,
        }],
        screen_at_start: true,
    };
    world.store.create_app("shop", settings).await.unwrap();
    let hash = Digest::of(b"sg_app_one");
    let key = world.store.add_app_key("shop", hash, "one").await.unwrap();
    assert!(registry.snapshot().app("shop").is_none());
    registry.reload().await.unwrap();
    let snapshot = registry.snapshot();
    let found = snapshot.key(hash.bytes()).unwrap();
    assert_eq!(
        (&*found.id, found.app.name.as_str()),
        (key.id.as_str(), "shop")
    );
    let app = snapshot.app("shop").unwrap();
    assert!(app.publishes("wiki") && !app.publishes("blog"));
    assert!(app.allows_origin("https://shop.example.org"));
    assert!(!app.allows_origin("https://shop.example.org.evil.example"));
    assert!(app.returns_to("https://shop.example.org/back"));
    assert!(!app.returns_to("https://shop.example.org/back/"));
    world.store.remove_app_key("shop", &key.id).await.unwrap();
    registry.reload().await.unwrap();
    assert!(registry.snapshot().key(hash.bytes()).is_none());
}

#[tokio::test]
async fn what_changes_is_picked_up_by_itself() {
    let world = World::new();
    let registry = world.open().await.unwrap();
    registry.watch();
    world.write("wiki.yaml", &definition("wiki", ""));
    while base_url(&registry, "wiki").is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_secret_that_changes_in_the_environment_is_served() {
    let world = World::new();
    world.write("wiki.yaml", &definition("wiki", ""));
    world.write("blog.yaml", &definition("blog", ""));
    let value = Arc::new(Mutex::new("one"));
    let shown = value.clone();
    let registry = Registry::open(Sources {
        connectors: Some(world.dir.path().to_owned()),
        store: world.store.clone(),
        secrets_env: Arc::new(move |name| {
            (name == "STEPGATE_SECRET_WIKI_FROM_ENV")
                .then(|| SecretString::new((*shown.lock().unwrap()).to_owned()))
        }),
        public_url: "https://gate.example.org/".parse().unwrap(),
    })
    .await
    .unwrap();
    let served = |registry: &Registry| {
        let snapshot = registry.snapshot();
        let served = snapshot.served("wiki", None).unwrap();
        served
            .equipped
            .secrets
            .get("from_env")
            .unwrap()
            .reveal()
            .clone()
    };
    let (first, blog) = (registry.generation(), registry.snapshot());
    registry.reload().await.unwrap();
    assert_eq!(
        (registry.generation(), served(&registry)),
        (first, "one".to_owned())
    );
    *value.lock().unwrap() = "two";
    registry.reload().await.unwrap();
    assert_eq!(
        (registry.generation(), served(&registry)),
        (first + 1, "two".to_owned())
    );
    let (before, after) = (blog.served("blog", None), registry.snapshot());
    assert!(Arc::ptr_eq(
        before.unwrap(),
        after.served("blog", None).unwrap()
    ));
}
