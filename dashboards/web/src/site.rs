//! What all pages share: the catalog, the database of the `web` role, the clock, the mode, the public address and the navigation.
//! The server builds one [`Site`] and registers it as `actix_web::web::Data<Site>`.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{HttpRequest, web::Data};
use kernel::{Error, Locale, Result, clock::Clock, db::Db, right::{Permission, Right, Role}};

use crate::i18n::{Catalog, Texts};

pub use kernel::mode::Mode;

/// One entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// The right that its page asks for.
    pub right: Right,
    /// The delivered roles that see it; who was granted the right by a role of the school sees it too, at that school.
    pub roles: &'static [Role],
    /// Where it leads; `{school}` stands for the school's code.
    pub href: &'static str,
    /// Icon of `assets/icons.svg`.
    pub icon: &'static str,
    /// Message key.
    pub text: &'static str,
    /// Whether the right may be held for some classes only; who holds it so sees the entry at that school.
    pub by_class: bool,
}

impl NavItem {
    /// The entry of a page behind the right `P`.
    pub const fn of<P: Permission>(href: &'static str, icon: &'static str, text: &'static str) -> Self {
        Self { right: P::RIGHT, roles: P::ROLES, href, icon, text, by_class: P::IS_BY_CLASS }
    }
}

/// What all pages share.
pub struct Site {
    /// All messages.
    pub catalog: Catalog,
    /// The database under the `web` role.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// What the installation is for.
    pub mode: Mode,
    /// Public address without a slash at the end, `https://school.example`. Decides about `__Host-` cookies.
    pub url: String,
    /// Navigation of all rooms, in the order shown.
    pub navigation: Vec<NavItem>,
    /// Every right with the delivered roles that hold it.
    pub rights: Vec<(Right, &'static [Role])>,
    /// What rooms remember between requests, one value a type. Shared by all workers, gone with the site.
    pub memory: Memory,
}

/// What rooms remember between requests: caches and counters that may be lost at any moment.
#[derive(Default)]
pub struct Memory {
    values: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Memory {
    /// The one value of this type, made when first asked for.
    pub fn of<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = Arc::clone(values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())));
        // The key is the value's own type, so the other branch is never taken.
        value.downcast::<T>().unwrap_or_default()
    }
}

impl Site {
    /// The site of a request.
    ///
    /// # Errors
    /// When the server forgot to register it.
    pub fn of(req: &HttpRequest) -> Result<&Self> {
        req.app_data::<Data<Self>>().map(Data::get_ref).ok_or_else(|| Error::broken("Data<Site> is not registered"))
    }

    /// The messages in one language.
    pub fn texts(&self, locale: Locale) -> Texts<'_> {
        self.catalog.texts(locale)
    }

    /// Whether browsers reach us by https.
    pub fn is_https(&self) -> bool {
        self.url.starts_with("https://")
    }
}
