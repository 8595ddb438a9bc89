//! `till serve`: the API and the jobs in one process.
//!
//! In:  settings. Out: a server that runs until it is asked to end, and then ends what it began.
//! Invariant: the first start makes the schema, a price book, an operator's key and an operator; later ones change nothing.

mod cards;
mod oidc;
pub(crate) mod settings;

use super::files;
use super::installation::{self, KeyFile};
use crate::{descriptors, door, faces};
use anyhow::{Context, Result, anyhow, ensure};
use desk::first::{self, First};
use desk::keys::{self, NewKey};
use desk::{Desk, Refusal, books};
use providers::cloud::{Cloud, Delay, Simulated};
use providers::installation::InstallationKey;
use providers::smtp::Post;
use providers::webhook::{Reach, Sender};
use settings::{CloudKind, LogFormat, Settings};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::letters::Mailing;
use store::{Store, TimeOuts};
use tokio::task::JoinHandle;
use units::{Calendar, Timestamp};
use web::clock::Clock;
use web::{Node, telemetry};

/// With which the first operator signs in, before anybody was invited.
const FIRST_OPERATOR: &str = "operator@localhost";
/// How long open requests may still take when the server is asked to end.
const LAST_ORDERS: Duration = Duration::from_secs(10);
/// How long jobs and webhooks may take then: a webhook that is on its way, and what is written of it.
const LAST_WORK: Duration = Duration::from_secs(15);
/// How often it is looked whether the installation's key is still that of the books.
const KEY_LOOK: Duration = Duration::from_secs(1);
/// How long threads that wait for a database are waited for at the very end.
const LAST_BREATH: Duration = Duration::from_secs(2);

pub(crate) fn run(settings: &Settings) -> Result<ExitCode> {
    // What is wrong with them is said before anything is made.
    settings.anchors()?;
    serving(settings)?;
    oidc::registration(settings)?;
    cards::gateway(settings)?;
    mail_can_go_out(settings)?;
    let store = Arc::new(open(settings)?);
    let clock = clock(settings, &store)?;
    // A node with another key makes nothing.
    key(settings, &store, clock.now())?;
    prepare(settings, &store, clock.now())?;
    match first_key(&store, clock.now())? {
        Some(secret) => println!("operator key, shown once: {secret}"),
        None => {
            println!("there are keys already; another: till key create --scopes operator {}", place(settings))
        }
    }
    let operator = first_operator(&store)?;
    serve(settings, store, clock, |address| {
        if let Some(link) = operator {
            let base = match settings.public_url.as_str() {
                "" => format!("http://{address}"),
                base => base.to_string(),
            };
            println!("first operator, sets the password of {FIRST_OPERATOR} once: {base}/invitation/{link}");
        }
        Ok(())
    })
}

/// The words that name this database to other commands.
fn place(settings: &Settings) -> String {
    match &settings.database_url {
        Some(_) => "--database-url ...".to_string(),
        None => format!("--data {}", settings.data.display()),
    }
}

/// Opens the database that the settings name.
pub(crate) fn open(settings: &Settings) -> Result<Store> {
    match &settings.database_url {
        Some(url) => Store::postgres_within(url, time_outs(settings))
            .context("opening the PostgreSQL database of --database-url"),
        None => {
            let data = &settings.data;
            std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
            Ok(Store::embedded(&files::database(data))?)
        }
    }
}

/// How requests are served. Errors: an origin that is none.
fn serving(settings: &Settings) -> Result<api::Serving> {
    let origins =
        api::Origins::read(&settings.cors_origin).map_err(|error| anyhow!("--cors-origin: {error}"))?;
    Ok(api::Serving { longest: Duration::from_secs(settings.request_seconds), origins })
}

/// How long the database may take: a report as long as somebody waits for it.
fn time_outs(settings: &Settings) -> TimeOuts {
    let (short, report) = (settings.database_seconds, settings.request_seconds);
    TimeOuts { short: Duration::from_secs(short), report: Duration::from_secs(report) }
}

/// The machine's clock, or the test clock where it stood last.
fn clock(settings: &Settings, store: &Store) -> Result<Clock> {
    let stood = store.read(|tx| Ok::<_, Refusal>(store::clock::get(tx)?))?;
    match (&settings.test_clock, stood) {
        (None, None) => Ok(Clock::Machine),
        (None, Some(_)) => Err(anyhow!(
            "the database in {} ran on a test clock: name another folder with --data to begin with new books, or go on \
             with these by --test-clock (`till key create --scopes operator {}` makes a key for them)",
            settings.data.display(),
            place(settings)
        )),
        (Some(_), Some(stood)) => Ok(Clock::test(stood)),
        (Some(start), None) => {
            let start = match start.as_str() {
                "now" => Clock::Machine.now(),
                text => text.parse::<Timestamp>().or_else(|_| Calendar::settlement().parse(text))?,
            };
            match store.write(|tx| first::test_clock(tx, start))? {
                Some(stands) => Ok(Clock::test(stands)),
                None => Err(anyhow!("this database ran on the machine's clock; use another --data folder")),
            }
        }
    }
}

/// A database without a price book gets the one that the settings name.
fn prepare(settings: &Settings, store: &Store, now: Timestamp) -> Result<()> {
    if store.read(|tx| Ok::<_, Refusal>(store::books::count(tx)?))? > 0 {
        return Ok(());
    }
    let wrong = |error: Refusal| {
        anyhow!("{error}; run `till pricebook check {}` for all of them", settings.pricebook)
    };
    let prepared = books::prepared(&files::book(&settings.pricebook)?, None).map_err(wrong)?;
    let prepared = prepared.by(desk::journal::COMMAND_LINE);
    if store.write(|tx| first::book(tx, &prepared, now)).map_err(wrong)? == First::Made {
        println!("price book `{}` is applied", settings.pricebook);
    }
    Ok(())
}

/// The operator's key of a database that has no key yet.
fn first_key(store: &Store, now: Timestamp) -> Result<Option<String>> {
    let secret = web::random::key().map_err(|problem| anyhow!("{}", problem.detail))?;
    let hash = keys::hash(&secret);
    let made = store.write(|tx| first::key(tx, &hash, now))?;
    Ok((made == First::Made).then_some(secret))
}

/// The first operator of a database that has no user yet: the text of the link that sets the password.
fn first_operator(store: &Store) -> Result<Option<String>> {
    let link = web::random::secret().map_err(|problem| anyhow!("{}", problem.detail))?;
    let hash = keys::hash(&link);
    let made = store.write(|tx| first::operator(tx, FIRST_OPERATOR, &hash, Clock::Machine.now()))?;
    Ok((made == First::Made).then_some(link))
}

/// The installation's key, made where that may be.
fn key(settings: &Settings, store: &Store, now: Timestamp) -> Result<Arc<InstallationKey>> {
    let file = KeyFile { file: settings.installation_key_file.clone() };
    installation::of_server(&file, settings.embedded(), store, now)
}

/// Makes a key and gives its text.
pub(crate) fn add_key(store: &Store, new: &NewKey, now: Timestamp) -> Result<String> {
    let secret = web::random::key().map_err(|problem| anyhow!("{}", problem.detail))?;
    let hash = keys::hash(&secret);
    store.write(|tx| keys::add(tx, new, &hash, now))?;
    Ok(secret)
}

/// The desk of a server: its cloud, its key, and the delay after which cycles close.
fn desk(settings: &Settings, store: &Store, key: Arc<InstallationKey>) -> Result<Desk> {
    let desk = store.read(Desk::open)?;
    let cloud = match settings.cloud {
        CloudKind::Simulated => {
            let delay = settings.cloud_delay_seconds.map_or(Delay::AsProduct, Delay::Seconds);
            Cloud::Simulated(Simulated { delay, ..Simulated::default() })
        }
        CloudKind::External => Cloud::External { timeout_seconds: settings.task_timeout_seconds },
    };
    let webhooks = if settings.allow_private_webhooks { Reach::Anywhere } else { Reach::Public };
    let Settings { settlement_delay_seconds, late_months, price_limit_percent, .. } = *settings;
    let price_limit_tenths = price_limit_percent.map(|it| it.saturating_mul(10));
    let proxies = desk::network::all(&settings.trusted_proxies.join(" ")).context("in trusted_proxies")?;
    let (key, document_fonts) = (Some(key), settings.document_font.clone());
    let (cards, mail_language) = (cards::gateway(settings)?, settings.mail.usual());
    let desk = Desk { cloud, cards, settlement_delay_seconds, late_months, webhooks, ..desk };
    let desk = Desk { price_limit_tenths, ..desk };
    Ok(Desk { key, document_fonts, proxies, mail_language, ..desk })
}

/// Serves until SIGTERM or an interrupt. `ready` is told where, once requests are taken.
pub(crate) fn serve(
    settings: &Settings,
    store: Arc<Store>,
    clock: Clock,
    ready: impl FnOnce(SocketAddr) -> Result<()>,
) -> Result<ExitCode> {
    log(settings)?;
    let holder = web::random::fresh("node");
    if clock.is_test() {
        crate::clock::take(&store, &holder)?;
        // Whoever held it until now may have moved it.
        let stands = store.read(|tx| Ok::<_, Refusal>(store::clock::get(tx)?))?;
        stands.into_iter().for_each(|it| clock.set(it));
    }
    let serving = serving(settings)?;
    let room = descriptors::connections(descriptors::raise());
    telemetry::install(env!("CARGO_PKG_VERSION")).context("setting up metrics")?;
    let mailing = if settings.mail.goes_out() { Mailing::On } else { Mailing::Off };
    store.write(|tx| store::letters::set_mailing(tx, mailing, clock.now()))?;
    let desk = desk(settings, &store, key(settings, &store, clock.now())?)?;
    let node = Node::new(store.clone(), desk, clock, settings.limits());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(settings.threads)
        .max_blocking_threads(64)
        .enable_all()
        .build()?;
    let done = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(&settings.listen)
            .await
            .with_context(|| format!("listening on {}; choose another address with --listen", settings.listen))?;
        let address = listener.local_addr()?;
        let ending = node.clone();
        tokio::spawn(async move { asked_to_end(&ending).await });
        let by_itself = by_itself(settings, &node, &holder)?;
        tokio::spawn(upkeep(node.clone()));
        ready(address)?;
        println!("listening on http://{address}");
        std::io::stdout().flush()?;
        tracing::info!(%address, "ready");
        let api = api::router_as(node.clone(), serving);
        let pages = console::router(node.clone(), pages(settings, &node)?, api.clone());
        let router = faces::both(api, pages);
        tokio::select! {
            () = door::open(listener, router, node.clone(), room) => {}
            () = past_last_orders(&node) => tracing::warn!("some requests were still open and are broken off"),
        }
        let rest = async {
            for (what, it) in by_itself {
                it.await.with_context(|| format!("ending {what}"))?;
            }
            Ok::<_, anyhow::Error>(())
        };
        match tokio::time::timeout(LAST_WORK, rest).await {
            Ok(done) => done?,
            Err(_) => tracing::warn!("something waits for a database or a receiver that does not answer, and is broken off"),
        }
        tracing::info!("ended");
        Ok(ExitCode::SUCCESS)
    });
    // Connections to PostgreSQL are closed here, where blocking is allowed.
    runtime.shutdown_timeout(LAST_BREATH);
    drop(store);
    done
}

/// What a server does by itself until it ends, with what each is called.
fn by_itself(settings: &Settings, node: &Node, holder: &str) -> Result<Vec<(&'static str, JoinHandle<()>)>> {
    let (held, mut all) = (|| (node.clone(), holder.to_string()), Vec::new());
    if node.clock().is_test() {
        let (node, holder) = held();
        all.push(("the test clock", tokio::spawn(crate::clock::keep(node, holder))));
    }
    if let Some(plan) = settings.anchors()? {
        let (node, holder) = held();
        all.push(("the anchors", tokio::spawn(crate::anchors::keep(node, plan, holder))));
    }
    if let Some(post) = post(settings)? {
        all.push(("the mails", tokio::spawn(mails(node.clone(), post, settings.public_url.clone()))));
    }
    let (jobs, holder) = held();
    all.push(("the jobs", tokio::spawn(crate::keep::keep(jobs, holder))));
    all.push(("the payments by card", tokio::spawn(crate::cashier::keep(node.clone()))));
    all.push(("the webhooks", tokio::spawn(outbox(node.clone())?)));
    Ok(all)
}

/// What the console shows and how it is reached, and the provider by which people may come in, which is asked from here on.
fn pages(settings: &Settings, node: &Node) -> Result<console::Settings> {
    let oidc = oidc::provider(settings)?;
    oidc.iter().for_each(|it| {
        tokio::spawn(crate::oidc::keep(node.clone(), it.clone()));
    });
    let document = serde_json::to_value(api::document()).context("the document of the API")?;
    Ok(console::Settings { public_url: settings.public_url.clone(), document, oidc })
}

/// Keeps what is recorded for `/metrics` small until the server ends.
async fn upkeep(node: Node) {
    let mut turn = tokio::time::interval(telemetry::UPKEEP);
    loop {
        tokio::select! {
            _ = turn.tick() => telemetry::upkeep(),
            () = node.stopped() => return,
        }
    }
}

/// Sends webhooks until the server ends.
fn outbox(node: Node) -> Result<impl Future<Output = ()>> {
    let desk = node.desk();
    let sender = Sender::new(desk.webhooks).context("setting up webhooks")?.with_key(desk.key.clone());
    let (store, ending, clock) = (node.store().clone(), node.clone(), move || node.clock().now());
    Ok(async move { crate::outbox::run(store, sender, clock, sends_no_more(&ending)).await })
}

/// Errors: what of the settings of mail is missing, or cannot be used.
fn mail_can_go_out(settings: &Settings) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { post(settings).map(drop) })
}

/// What sends mails, inside a runtime; `None` where no server is named. Errors: what is missing, or cannot be used.
fn post(settings: &Settings) -> Result<Option<Post>> {
    let post = settings.mail.post()?;
    ensure!(
        post.is_none() || !settings.public_url.is_empty(),
        "--public-url is missing: mails lead to pages of the console there"
    );
    Ok(post)
}

/// Sends mails until the server ends.
async fn mails(node: Node, post: Post, base: String) {
    let (desk, clock, ending) = (node.clone(), node.clone(), node.clone());
    let round = crate::post::Round {
        store: node.store().clone(),
        post: Arc::new(post),
        base,
        desk: Arc::new(move || desk.desk()),
        clock: Arc::new(move || clock.clock().now()),
    };
    crate::post::run(round, sends_no_more(&ending)).await;
}

/// Waits until the node ends, or until another key has taken the place of its own: then it could sign nothing, and would
/// only use up attempts.
async fn sends_no_more(node: &Node) {
    loop {
        tokio::select! {
            () = node.stopped() => return,
            () = tokio::time::sleep(KEY_LOOK) => {}
        }
        let asked = node.read(desk::settled::check_node).await;
        if asked.is_err_and(|it| it.code == desk::Code::InstallationKey.into()) {
            tracing::error!(
                "another installation's key is that of these books now; this node sends no webhooks and no mails: start it with that key"
            );
            return;
        }
    }
}

/// Waits for SIGTERM, an interrupt or somebody inside, and tells everybody who waits for it.
async fn asked_to_end(node: &Node) {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!("SIGTERM cannot be heard: {error}");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
        () = node.stopped() => {}
    }
    tracing::info!("ending: open requests are finished, no new ones are taken");
    node.stop();
}

async fn past_last_orders(node: &Node) {
    node.stopped().await;
    tokio::time::sleep(LAST_ORDERS).await;
}

/// Where the log goes: standard error, as text or JSON.
fn log(settings: &Settings) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log_level)
        .with_context(|| format!("`{}` is no log level; take info, warn or debug", settings.log_level))?;
    let colours = std::io::stderr().is_terminal();
    // Where nobody reads the log any more, the server goes on without one.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .log_internal_errors(false);
    let done = match settings.log {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().with_current_span(true).with_span_list(false).try_init(),
    };
    done.map_err(|error| anyhow!("setting up the log: {error}"))
}
