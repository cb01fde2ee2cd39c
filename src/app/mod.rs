//! The wiring: store, fetcher, runner, shelf and server brought together, reload and stop.

mod door;
mod export;
mod media;
mod push;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use crate::clock::Clock;
use crate::config::{self, Config, ConfigProblems};
use crate::dedup;
use crate::fetch::{FetchError, Fetcher};
use crate::notify;
use crate::poll::{Limits, Mirror, Plan, Runner, Visitor};
use crate::serve::{
    self, Desk, HubDesk, Listen, Live, MediaDesk, Metrics, Outlets, RefreshError, Refresher, Shelf, TlsError, Touched,
};
use crate::store::{self, Media, Store, StoreError};

use door::Door;
use media::Mirrors;

pub use export::{ExportError, Exported, export, partner_feeds};

/// How often the store is asked for changes made by other processes.
const LOOK_FOR_CHANGES: Duration = Duration::from_secs(1);
/// How often feeds.toml is looked at. Its content is compared, so that editors that replace the
/// file and mounts that report no events are no special cases.
const LOOK_AT_CONFIG: Duration = Duration::from_secs(2);
/// How often old entries leave the store.
const EXPIRE: Duration = Duration::from_secs(60 * 60);
/// How often the last uses of tokens are kept.
const KEEP_USES: Duration = Duration::from_secs(60);
/// Time for visits under way to end after the stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long readers may keep a feed, in minutes.
const TTL_MINUTES: u32 = 5;

/// Why the service cannot run.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// feeds.toml has mistakes.
    #[error(transparent)]
    Config(#[from] ConfigProblems),
    /// The store cannot be opened or used.
    #[error("the store cannot be used")]
    Store(#[from] StoreError),
    /// The fetcher cannot be made.
    #[error("requests cannot be made")]
    Fetch(#[from] FetchError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: is newsriver running already? [server] listen names the address")]
    Listen {
        /// The address of `[server] listen`.
        address: Listen,
        /// The system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// The certificate cannot be used.
    #[error("[server] tls_cert and tls_key cannot be used")]
    Tls(#[from] TlsError),
    /// The first feeds could not be made.
    #[error("the feeds cannot be made")]
    Refresh(#[from] RefreshError),
    /// A signal cannot be listened to.
    #[error("signals cannot be received")]
    Signal(#[source] std::io::Error),
}

/// What every command that works with the store needs.
#[derive(Debug)]
pub struct Rooms {
    /// The store, knowing the configured sources.
    pub store: Arc<dyn Store>,
    /// Makes visits.
    pub visitor: Visitor,
    /// Copies of pictures.
    pub media: Media,
}

impl Rooms {
    /// Opens the store and makes a fetcher, as the configuration says.
    pub async fn open(config: &Config, clock: Clock) -> Result<Self, AppError> {
        let store = store::open(config.storage.url.expose()).await?;
        store.sync_sources(&config.sources).await?;
        let home = config.path.parent().unwrap_or(Path::new(""));
        let media = Media::of(config.storage.url.expose(), home, config.storage.media);
        let visitor = visitor(config, Arc::clone(&store), media.clone(), clock)?;
        Ok(Self { store, visitor, media })
    }
}

/// How entries are compared, as the configuration says.
pub fn dedup_rules(config: &Config) -> dedup::Rules {
    dedup::Rules::new(&config.sources, config.threshold.unwrap_or(dedup::THRESHOLD))
}

fn visitor(config: &Config, store: Arc<dyn Store>, media: Media, clock: Clock) -> Result<Visitor, AppError> {
    let fetcher = Fetcher::new(config.fetch.clone())?;
    Ok(Visitor {
        mirror: Mirror::new(fetcher.clone(), Arc::clone(&store), media, clock.clone()),
        fetcher,
        store,
        judge: dedup_rules(config).judge(),
        clock,
        limits: Limits { body: config.fetch.max_body, ..Limits::default() },
    })
}

/// What the way out needs of the configuration.
pub fn outlets(config: &Config) -> Outlets {
    Outlets {
        site: config.site.clone(),
        feeds: config.feeds.clone(),
        bygone: config.bygone.clone(),
        sources: config.sources.clone(),
        ttl_minutes: TTL_MINUTES,
        admin: serve::Access::tokens(&config.server.admin_tokens),
    }
}

fn plan(config: &Config, visitor: Visitor) -> Plan {
    let sources = config.sources.iter().map(|source| (source.id.clone(), Arc::new(source.clone())));
    Plan { sources: sources.collect::<HashMap<_, _>>(), visitor, concurrency: config.fetch.concurrency }
}

/// The running service.
struct Service {
    config_path: PathBuf,
    config: ArcSwap<Config>,
    /// The mistakes in feeds.toml since it was last good, as the admin sees them.
    problems: Arc<ArcSwapOption<String>>,
    store: Arc<dyn Store>,
    media: Media,
    supplier: Arc<Mirrors>,
    clock: Clock,
    plan: Arc<ArcSwap<Plan>>,
    refresher: Arc<Refresher>,
    hub: Arc<notify::Hub>,
    uses: Arc<serve::Uses>,
    replanned: Arc<Notify>,
    changed: Arc<Notify>,
}

/// Runs the service until SIGTERM, SIGINT or `stop`. `ready` is told the address it listens on.
pub async fn serve(
    config: Config,
    clock: Clock,
    stop: CancellationToken,
    ready: impl FnOnce(&str),
) -> Result<(), AppError> {
    let door = door::open(&config.server).await?;
    let rooms = Rooms::open(&config, clock.clone()).await?;
    rooms.store.void_dead_leases().await?;
    let problems = Arc::new(ArcSwapOption::empty());
    let shelf = Arc::new(Shelf::default());
    let metrics = Arc::new(Metrics::default());
    let outlets = Arc::new(ArcSwap::from_pointee(outlets(&config)));
    let refresher = Arc::new(Refresher::new(
        Arc::clone(&rooms.store),
        Arc::clone(&shelf),
        Arc::clone(&outlets),
        clock.clone(),
        Arc::clone(&metrics),
    ));
    // Before the first request and the first visit: whatever the store has is served at once.
    let (_, cursor) = rooms.store.changes_after(0).await?;
    refresher.refresh(&Touched::All).await?;
    push::sync_hubs(&*rooms.store, &outlets).await?;
    let topics = Arc::new(push::OnShelf(Arc::clone(&shelf)));
    let (hub, inbox) = notify::Hub::new(
        Arc::clone(&rooms.store),
        topics,
        clock.clone(),
        push::options(&config),
        push::caller(&config)?,
    );
    let hub = Arc::new(hub);
    let intake = Arc::new(push::ToHub(Arc::clone(&hub)));
    let hub_desk = HubDesk::new(intake, Arc::clone(&shelf), Arc::clone(&outlets));
    let uses = Arc::new(serve::Uses::default());
    let live = Live {
        store: Arc::clone(&rooms.store),
        media: rooms.media.clone(),
        outlets,
        clock: clock.clone(),
        problems: Arc::clone(&problems),
        uses: Arc::clone(&uses),
    };
    let supplier = Arc::new(Mirrors::new(rooms.visitor.mirror.clone()));
    let media = MediaDesk::new(rooms.media.clone(), Arc::clone(&rooms.store), Arc::clone(&supplier) as _);
    let service = Arc::new(Service {
        media: rooms.media,
        supplier,
        config_path: config.path.clone(),
        plan: Arc::new(ArcSwap::from_pointee(plan(&config, rooms.visitor))),
        config: ArcSwap::from_pointee(config),
        problems,
        store: rooms.store,
        clock,
        refresher,
        hub,
        uses,
        replanned: Arc::new(Notify::new()),
        changed: Arc::new(Notify::new()),
    });
    let desk = Desk::new(shelf, live, media, hub_desk, metrics, door.options.per_second);
    service.run(door, Arc::new(desk), inbox, cursor, stop, ready).await
}

impl Service {
    async fn run(
        self: Arc<Self>,
        door: Door,
        desk: Arc<Desk>,
        inbox: notify::Inbox,
        cursor: i64,
        stop: CancellationToken,
        ready: impl FnOnce(&str),
    ) -> Result<(), AppError> {
        let tasks = TaskTracker::new();
        let runner =
            Runner::new(Arc::clone(&self.plan), stop.clone(), Arc::clone(&self.replanned), Arc::clone(&self.changed));
        tasks.spawn(runner.run(GRACE));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).publish_changes(cursor)));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).watch_config()?));
        tasks.spawn(until(stop.clone(), door::watch(door.certificate.clone())?));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).expire()));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).code()));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).archive()));
        tasks.spawn(until(stop.clone(), Arc::clone(&self).keep_uses()));
        tasks.spawn(until(stop.clone(), Arc::clone(&self.hub).run(inbox)));
        // Heard from before anyone is answered: who got an answer may stop the service.
        let signals = stop_signals()?;
        // The server drains on its own: published bytes need nobody else.
        let server = tasks.spawn(serve::run(door.listener, door.certificate, desk, door.options, stop.clone()));
        ready(&door.address);
        until(stop.clone(), signals).await;
        info!("stopping");
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        if server.await.is_err() {
            error!("the server ended with a fault");
        }
        self.keep_uses_once().await;
        Ok(())
    }

    /// Renders what changed: told by our own visits at once, by other processes within a second.
    async fn publish_changes(self: Arc<Self>, mut cursor: i64) {
        let mut answers = true;
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep(LOOK_FOR_CHANGES) => {}
            }
            let (touched, next) = match self.store.changes_after(cursor).await {
                Ok(changes) => changes,
                Err(problem) => {
                    // Said once, and not each second.
                    if std::mem::take(&mut answers) {
                        error!(error = %problem, "the store does not tell what changed; the feeds stay as they are");
                    }
                    continue;
                }
            };
            if !std::mem::replace(&mut answers, true) {
                info!("the store answers again");
            }
            if !touched.is_empty() || self.refresher.is_due() {
                match self.refresher.refresh(&Touched::Sources(touched)).await {
                    Ok(_) => self.hub.changed(),
                    // The cursor stays, so that it is tried again; the old feeds are served meanwhile.
                    Err(problem) => {
                        error!(error = %problem, "feeds could not be renewed; the old ones stay");
                        tokio::time::sleep(LOOK_FOR_CHANGES).await;
                        continue;
                    }
                }
            }
            cursor = next;
        }
    }

    /// Codes what was rendered, while it is served already.
    async fn code(self: Arc<Self>) {
        loop {
            if let Err(problem) = self.refresher.code().await {
                error!(error = %problem, "documents could not be coded; they are served uncoded");
            }
            self.refresher.shelf.renewed().await;
        }
    }

    /// Keeps when tokens were used, now and then: a use costs nobody a write.
    async fn keep_uses(self: Arc<Self>) {
        loop {
            tokio::time::sleep(KEEP_USES).await;
            self.keep_uses_once().await;
        }
    }

    async fn keep_uses_once(&self) {
        if let Err(problem) = self.uses.keep(&*self.store).await {
            warn!(error = %problem, "the last uses of tokens could not be kept; it is tried again");
        }
    }

    /// Reloads feeds.toml on SIGHUP and when its content changes.
    fn watch_config(self: Arc<Self>) -> Result<impl Future<Output = ()> + Send, AppError> {
        let mut hangup = signal(SignalKind::hangup()).map_err(AppError::Signal)?;
        let mut last = std::fs::read(&self.config_path).ok();
        Ok(async move {
            loop {
                let asked = tokio::select! {
                    _ = hangup.recv() => true,
                    () = tokio::time::sleep(LOOK_AT_CONFIG) => false,
                };
                let content = tokio::fs::read(&self.config_path).await.ok();
                // A file that is gone for a moment is being replaced.
                if content.is_none() || (!asked && content == last) {
                    continue;
                }
                last = content;
                self.reload().await;
            }
        })
    }

    /// Puts a changed feeds.toml into force; with a mistake in it everything stays as it was.
    async fn reload(&self) {
        let config = match config::load(&self.config_path) {
            Ok(config) => config,
            Err(problems) => {
                warn!("feeds.toml has mistakes; the last good one stays in force\n{problems}");
                self.problems.store(Some(Arc::new(problems.to_string())));
                return;
            }
        };
        match self.apply(config).await {
            Ok(()) => self.problems.store(None),
            Err(problem) => {
                error!(error = %problem, "the new feeds.toml could not be put into force");
                self.problems.store(Some(Arc::new(problem.to_string())));
            }
        }
    }

    async fn apply(&self, config: Config) -> Result<(), AppError> {
        let old = self.config.load_full();
        if door::differs(&config.server, &old.server) || config.storage.url != old.storage.url {
            warn!("changes of [server] and of [storage] url take effect at the next start");
        }
        self.media.set_most(config.storage.media);
        let visitor = visitor(&config, Arc::clone(&self.store), self.media.clone(), self.clock.clone())?;
        self.supplier.renew(visitor.mirror.clone());
        self.store.sync_sources(&config.sources).await?;
        self.hub.set(push::options(&config), push::caller(&config)?);
        self.plan.store(Arc::new(plan(&config, visitor)));
        self.refresher.outlets.store(Arc::new(outlets(&config)));
        self.refresher.forget();
        info!(sources = config.sources.len(), feeds = config.feeds.len(), "feeds.toml is in force");
        self.config.store(Arc::new(config));
        self.replanned.notify_one();
        self.refresher.refresh(&Touched::All).await?;
        push::sync_hubs(&*self.store, &self.refresher.outlets).await?;
        self.hub.changed();
        Ok(())
    }

    /// Archives what the feeds no longer show.
    async fn archive(self: Arc<Self>) {
        loop {
            match self.refresher.archive().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(LOOK_FOR_CHANGES).await,
                Err(problem) => {
                    error!(error = %problem, "older articles could not be archived; it is tried again");
                    tokio::time::sleep(LOOK_FOR_CHANGES).await;
                }
            }
        }
    }

    /// Lets old entries go, as `[storage] keep` says.
    async fn expire(self: Arc<Self>) {
        loop {
            let keep = self.config.load().storage.keep.and_then(|keep| chrono::TimeDelta::from_std(keep).ok());
            if let Some(before) = keep.and_then(|keep| self.clock.now().checked_sub_signed(keep)) {
                match self.store.expire(before).await {
                    Ok(0) => {}
                    Ok(entries) => info!(entries, "old entries left the store"),
                    Err(problem) => error!(error = %problem, "old entries could not leave the store"),
                }
            }
            match self.store.expire_subscriptions(self.clock.now()).await {
                Ok(0) => {}
                Ok(ended) => info!(ended, "subscriptions ended that were not renewed"),
                Err(problem) => error!(error = %problem, "old subscriptions could not end"),
            }
            tokio::time::sleep(EXPIRE).await;
        }
    }
}

/// Runs `work` until it ends or the stop comes.
async fn until(stop: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

/// Waits for a signal that ends the service; signals count from the call on.
fn stop_signals() -> Result<impl Future<Output = ()>, AppError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(AppError::Signal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(AppError::Signal)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
