//! Pages, API, live sockets, health and metrics on one address.

use super::{RunError, live, mail, pools::Pools, push};
use crate::{
    config::Config,
    health::{self, Health},
    rooms, signals,
};
use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    web::{Data, to},
};
use engine::live::{Switchboard, Views};
use kernel::clock::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{pin::pin, sync::Arc};
use web::{Catalog, Memory, Site};

/// How long open requests may take when the server stops; live sockets end at once and come back by themselves.
const LAST_REQUESTS_S: u64 = 5;

/// What all pages share.
pub(super) fn site(config: &Config, pools: &Pools, clock: Clock) -> Result<Data<Site>, RunError> {
    Ok(Data::new(Site {
        catalog: Catalog::build(&rooms::locales())?,
        db: pools.web.clone(),
        clock,
        mode: config.mode,
        url: config.http.public_url(),
        navigation: rooms::navigation(),
        tasks: rooms::tasks(),
        rights: rooms::rights().concat(),
        memory: Memory::default(),
    }))
}

/// Listens; nothing is answered before the returned server is awaited.
pub(super) fn bind(config: &Config, site: Data<Site>, health: Health, metrics: PrometheusHandle, switchboard: Switchboard, views: Arc<Views>) -> Result<Server, RunError> {
    let address = config.http.address()?;
    let (health, metrics) = (Data::new(health), Data::new(metrics));
    let (switchboard, views) = (Data::new(switchboard), Data::from(views));
    let broker = config.mqtt.device_address()?;
    let broker = Data::new(fleet::BrokerAddress { host: broker.host, port: broker.port });
    let policy = Data::new(config.sign_in_policy()?);
    let mapping = Data::new(config.national_mapping()?);
    let mailer = mail::mailer(config)?.map(Data::from);
    let vault = config.vault()?.map(Data::new);
    let offer = push::offer(config)?;
    let telegram = push::telegram_offer(config);
    let printer = config.printer().map(Data::new);
    let registry = Data::new(rooms::registry());
    let server = HttpServer::new(move || {
        let app = match &vault {
            Some(vault) => App::new().app_data(vault.clone()),
            None => App::new(),
        };
        app.app_data(registry.clone())
            .app_data(site.clone())
            .app_data(health.clone())
            .app_data(metrics.clone())
            .app_data(switchboard.clone())
            .app_data(views.clone())
            .app_data(broker.clone())
            .app_data(policy.clone())
            .app_data(mapping.clone())
            .configure(|cfg| {
                if let Some(mailer) = &mailer {
                    cfg.app_data(mailer.clone()).app_data(Data::new(delivery::mailbox::Offer));
                }
                if let Some(offer) = &offer {
                    cfg.app_data(offer.clone());
                }
                if let Some(telegram) = &telegram {
                    cfg.app_data(telegram.clone());
                }
                if let Some(printer) = &printer {
                    cfg.app_data(printer.clone());
                }
            })
            .configure(health::routes)
            .configure(live::routes)
            .configure(rooms::routes)
            .default_service(to(web::not_found))
            .wrap(from_fn(web::shell))
            .wrap(Compress::default())
    });
    // With its own handlers the server would end the whole actor system, and the engine with it, before we could stop that in order.
    let bound = server.disable_signals().workers(config.http.workers).shutdown_timeout(LAST_REQUESTS_S).bind(address);
    Ok(bound.map_err(|source| RunError::Listen { address: address.to_string(), source })?.run())
}

/// Answers until somebody asks us to stop; then takes no more, and lets open requests end.
pub(super) async fn serve_until_asked(server: Server) -> Result<(), RunError> {
    let handle = server.handle();
    let mut served = pin!(server);
    tokio::select! {
        // It ends by itself only when it fails.
        ended = &mut served => return ended.map_err(RunError::Serve),
        () = signals::asked_to_stop() => {}
    }
    tracing::info!("stopping");
    let (ended, ()) = futures_util::future::join(served, handle.stop(true)).await;
    ended.map_err(RunError::Serve)
}
