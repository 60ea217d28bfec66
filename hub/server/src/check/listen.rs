//! The pages' own address.

use super::Finding;
use crate::config::Config;
use std::{io::ErrorKind, net::TcpListener};

pub(super) fn look(config: &Config) -> Finding {
    let address = match config.http.address() {
        Ok(address) => address,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    match TcpListener::bind(address) {
        Ok(_listener) => Finding::Good(format!("{address} is free for the pages")),
        // The usual case on a running installation; telling the hub from a stranger is not worth a request.
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::Good(format!("{address} is in use: by the running hub, or by a stranger that must give way")),
        Err(error) => Finding::Bad(format!("the pages cannot be served on {address}: {error}. Change http.listen")),
    }
}
