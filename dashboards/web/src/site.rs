//! What all pages share: the catalog, the database of the `web` role, the clock, the mode, the public address and the navigation.
//! The server builds one [`Site`] and registers it as `actix_web::web::Data<Site>`.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{HttpRequest, web::Data};
use kernel::{Error, Locale, Result, clock::Clock, db::Db, right::{Right, Role}};

use crate::{
    i18n::{Catalog, Texts},
    navigation::NavItem,
    task::Task,
};

pub use kernel::mode::Mode;

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
    /// What may wait to be done, of all rooms.
    pub tasks: Vec<Task>,
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
