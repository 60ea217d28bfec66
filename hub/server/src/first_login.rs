//! `shanyraq first-login`: the first person of the supplier, with whom a new installation begins. They open schools and departments from their page;
//! the command works once, and never where somebody is there already.

use kernel::{
    Ctx,
    clock::Clock,
    db::{Db, DbRole, Scope},
};
use people::pupils::NewPerson;

use crate::config::{Config, ConfigError};

/// Why there is no login.
#[derive(Debug, thiserror::Error)]
pub enum FirstLoginError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The name.
    #[error("write the surname and the given name in letters, up to 80 characters each")]
    Name,
    /// Somebody is there.
    #[error("somebody can sign in for the supplier already: they give logins at /supplier/accounts")]
    NotTheFirst,
    /// The database.
    #[error("the database cannot be asked: {0}. `shanyraq check` tells more")]
    Database(kernel::Error),
}

/// Makes the login and says it with its password, which nobody can learn again.
///
/// # Errors
/// When there is none to make.
pub async fn make(config: &Config, surname: &str, given_name: &str) -> Result<[String; 2], FirstLoginError> {
    let clock = Clock::System;
    let today = clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let person = NewPerson::parse(surname, given_name, "", "", today).map_err(|_| FirstLoginError::Name)?;
    let db = Db::connect(config.database.app_url()?.reveal(), DbRole::Web, 1).map_err(FirstLoginError::Database)?;
    let ctx = Ctx::system("first_login", Scope::school(identity::SUPPLIER), clock);
    match people::organisation::open_supplier(&db, &ctx, person).await {
        Ok(first) => Ok([first.login, first.password]),
        Err(kernel::Error::Refused("identity.not_the_first")) => Err(FirstLoginError::NotTheFirst),
        Err(other) => Err(FirstLoginError::Database(other)),
    }
}
