//! Two instances of the program on one database: what changes on one counts on the other within a second, pages and open sockets alike.

use std::{net::SocketAddr, time::Duration};

use actix_web::{App, HttpServer, middleware::from_fn, web::Data};
use engine::live::Switchboard;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh},
    right::Role,
};
use shanyraq::town::School;
use testkit::{Patience, SchoolBuilder, database, eventually};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    roles::login_of,
    visitor::{Visitor, blank_views, make_site},
};

/// How soon it counts elsewhere.
const SOON: Duration = Duration::from_secs(1);
/// A close frame of a server with the code 4401.
const GONE: [u8; 4] = [0x88, 0x02, 0x11, 0x31];

/// An instance of its own: memory, sockets and ears.
struct Instance {
    address: SocketAddr,
}

impl Instance {
    async fn start() -> Self {
        let (site, switchboard) = (make_site(), Switchboard::default());
        // It lives as long as the test's runtime does.
        let (mut ears, name) = (database().app_config(), format!("ears-{}", fresh(Clock::System.now())));
        ears.application_name(&name);
        drop(shanyraq::run::listen_for_changes(ears, site.clone(), switchboard.clone()));
        let listens = || async { database().superuser().await.query_one("select count(*) from pg_stat_activity where application_name = $1 and query like 'listen%' and state = 'idle'", &[&name]).await.unwrap().get::<_, i64>(0) };
        eventually("the instance listens", Patience::default(), listens, |count| *count == 1).await;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(site.clone())
                .app_data(Data::new(switchboard.clone()))
                .app_data(Data::new(blank_views()))
                .configure(shanyraq::run::live_routes)
                .configure(shanyraq::rooms::routes)
                .wrap(from_fn(web::shell))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        Self { address }
    }

    async fn ask(&self, path: &str, session: &str, more: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: session={session}\r\n{more}\r\n", self.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// The status of a page.
    async fn status(&self, path: &str, session: &str) -> u16 {
        let mut stream = self.ask(path, session, "Connection: close\r\n").await;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// An open socket, past its handshake.
    async fn socket(&self, path: &str, session: &str) -> TcpStream {
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let mut stream = self.ask(path, session, upgrade).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 101");
        stream
    }

}

/// Reads until the socket says that it is gone; how it ended.
async fn is_gone(mut socket: TcpStream) -> bool {
    let mut heard = Vec::new();
    timeout(SOON, socket.read_to_end(&mut heard)).await.is_ok() && heard.windows(4).any(|frame| frame == GONE)
}

async fn sql(text: &str, ids: &[Uuid]) {
    let ids: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = ids.iter().map(|id| id as _).collect();
    database().superuser().await.execute(text, &ids).await.unwrap();
}

/// Two instances that listen already.
async fn two() -> [Instance; 2] {
    [Instance::start().await, Instance::start().await]
}

#[actix_web::test]
async fn a_role_that_ends_on_one_instance_has_ended_on_the_other_within_a_second() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let teacher = school.staff.iter().find(|employee| employee.role == Role::Teacher).unwrap();
    let session = Visitor::signed_in(&login_of(&school, Role::Teacher)).await.session().unwrap();
    let [here, there] = two().await;
    let (page, live) = (format!("/{}/presence", school.code), format!("/live/school/{}", school.code));
    assert_eq!((here.status(&page, &session).await, there.status(&page, &session).await), (200, 200), "and each remembers it");
    let sockets = [here.socket(&live, &session).await, there.socket(&live, &session).await];
    sql("update role_grant set valid_to = now() where person_id = $1", &[teacher.id.0]).await;
    for socket in sockets {
        assert!(is_gone(socket).await, "an open socket ends, on every instance");
    }
    for instance in [&here, &there] {
        assert!([403, 404].contains(&instance.status(&page, &session).await), "and its browser is not let in again");
    }
}

#[actix_web::test]
async fn a_right_switched_off_closes_the_sockets_of_the_school_and_no_others() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().teachers(1).build().await);
    let session = Visitor::signed_in(&login_of(&school, Role::Teacher)).await.session().unwrap();
    let other = Visitor::signed_in(&login_of(&neighbour, Role::Teacher)).await.session().unwrap();
    let [here, there] = two().await;
    let live = |school: &School| format!("/live/school/{}", school.code);
    let (ours, theirs) = (there.socket(&live(&school), &session).await, there.socket(&live(&neighbour), &other).await);
    assert_eq!(here.status(&format!("/{}/presence", school.code), &session).await, 200);
    let off = "insert into role_right_switch (school_id, role, right_name, is_on, changed_at) values ($1, 'teacher', 'live.see_school', false, now())";
    sql(off, &[school.id.0]).await;
    assert!(is_gone(ours).await);
    assert_eq!(here.status(&format!("/{}/presence", school.code), &session).await, 403);
    assert!(!is_gone(theirs).await, "the neighbour looks on");
}

#[actix_web::test]
async fn a_session_that_ends_and_an_account_that_is_blocked_are_nobody_everywhere() {
    let school = SchoolBuilder::new().build().await;
    let parent = &school.guardians[0];
    let [here, there] = two().await;
    for end in ["delete from session where account_id = (select id from account where person_id = $1)", "update account set blocked_at = now() where person_id = $1"] {
        let session = Visitor::signed_in(&parent.login).await.session().unwrap();
        assert_eq!((here.status("/my", &session).await, there.status("/my", &session).await), (200, 200));
        let socket = there.socket("/live/my", &session).await;
        sql(end, &[parent.id.0]).await;
        assert!(is_gone(socket).await, "{end}");
        for instance in [&here, &there] {
            assert_eq!(instance.status("/my", &session).await, 303, "{end}: to the sign-in");
        }
    }
}
