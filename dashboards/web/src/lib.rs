//! What every page is made of: translation, layout, components, failures, security headers and embedded assets.
//!
//! A handler gets its data, builds a view struct (an askama template that holds a [`Texts`]) and gives it to [`Page`], which wraps it
//! into the layout or, when htmx asked, sends the body alone. Whatever goes wrong is returned as a [`Failure`]; [`shell`], the one
//! middleware, turns it into a page or an RFC 9457 document and puts the security headers on every answer.
//! `web` knows no account and no room: who looks at the page is told to it as a [`Viewer`] by `identity`.
//!
//! Always true:
//!  1. No text for people is written in Rust or in a template: every one is a Fluent message in kk, ru and en ([`i18n`]).
//!  2. The cause of a failure is logged once, here, and never shown; the person sees an id to quote ([`Failure`]).
//!  3. An unsafe request from another site is refused before any handler runs ([`shell`]), and a form of a signed-in person carries
//!     the token of their session ([`form::Posted`]).
//!  4. A page needs no inline script, inline style or eval (the Content-Security-Policy of [`shell`]).

pub mod api;
pub mod assets;
pub mod component;
pub mod cookie;
pub mod csrf;
pub mod download;
pub mod export;
pub mod failure;
pub mod form;
pub mod i18n;
mod kit;
pub mod navigation;
pub mod page;
pub mod preference;
pub mod print;
pub mod shell;
pub mod site;
pub mod task;
pub mod upload;
pub mod xlsx;

pub use failure::{Answer, Failure, not_found};
pub use i18n::{Catalog, Source, Texts};
pub use navigation::{NavGroup, NavItem};
pub use page::{Page, Viewer, page};
pub use shell::shell;
pub use site::{Memory, Mode, Site};
pub use task::Task;

/// The texts of the layout, the failures and the components.
pub const LOCALES: &[Source] = &[
    Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/web.ftl") },
    Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/web.ftl") },
    Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/web.ftl") },
    Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/component.ftl") },
    Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/component.ftl") },
    Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/component.ftl") },
    Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/kit.ftl") },
    Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/kit.ftl") },
    Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/kit.ftl") },
    Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/api.ftl") },
    Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/api.ftl") },
    Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/api.ftl") },
];

/// The assets and the theme.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    api::routes(cfg);
    assets::routes(cfg);
    kit::routes(cfg);
    preference::routes(cfg);
}
