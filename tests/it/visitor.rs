//! A visitor of the pages: nobody, or somebody signed in through the form, as a browser would.

use std::{
    cell::RefCell,
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
};

use actix_web::{
    App,
    cookie::Cookie,
    dev::ServiceResponse,
    http::{Method, StatusCode, header::LOCATION},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use engine::live::{Switchboard, Views};
use kernel::{clock::Clock, db::DbRole};
use shanyraq::town::DEMO_PASSWORD;
use testkit::pool;
use web::{Catalog, Memory, Mode, Site, Source};

/// Who looks at pages.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// As a browser keeps it: exchanged when an answer brings another.
    session: Rc<RefCell<Option<String>>>,
    locale: &'static str,
}

/// What a visitor gets.
#[derive(Debug)]
pub struct Seen {
    /// The status.
    pub status: StatusCode,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The page.
    pub body: String,
}

impl Seen {
    /// Whether a text is on the page.
    pub fn shows(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// What seals confidential records in the tests.
pub const RECORDS_KEY: &str = "the key of records of the tests, long enough";

/// Texts of all rooms.
pub fn locales() -> Vec<Source> {
    shanyraq::rooms::locales()
}

thread_local! {
    /// One site a test, as a server has one: what it remembers, it remembers between requests.
    static SITE: Data<Site> = make_site();
}

fn site() -> Data<Site> {
    SITE.with(Clone::clone)
}

pub fn make_site() -> Data<Site> {
    Data::new(Site {
        catalog: Catalog::build(&locales()).expect("the messages"),
        db: pool(DbRole::Web),
        clock: Clock::System,
        mode: Mode::Test,
        url: "http://127.0.0.1".into(),
        navigation: shanyraq::rooms::navigation(),
        tasks: shanyraq::rooms::tasks(),
        rights: shanyraq::rooms::rights().concat(),
        memory: Memory::default(),
    })
}

/// What the installation of the tests asks; its key seals what the database holds sealed.
pub fn policy() -> identity::Policy {
    identity::Policy { sealer: Some(identity::Sealer::of("a key of the tests, long enough to be one").expect("long enough")), ..identity::Policy::default() }
}

/// The printing program that was built beside the tests: `hub/print/build`.
pub fn print_program() -> std::path::PathBuf {
    let own = std::env::current_exe().expect("our own path");
    own.parent().and_then(std::path::Path::parent).expect("a test lies in deps of its profile's folder").join("shanyraq-print")
}

static PRINTER: std::sync::LazyLock<Data<web::print::Printer>> = std::sync::LazyLock::new(|| Data::new(web::print::Printer::new(print_program(), web::print::Bounds { limit: std::time::Duration::from_secs(60), ..Default::default() })));

fn printer() -> Data<web::print::Printer> {
    PRINTER.clone()
}

/// The key of web push of the tests' installation.
pub static WEB_PUSH_KEY: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| delivery::channels::web_push::fresh_key().expect("randomness"));

static OFFER: std::sync::LazyLock<Data<delivery::subscriptions::Offer>> = std::sync::LazyLock::new(|| {
    let key = delivery::channels::web_push::Vapid::parse(&WEB_PUSH_KEY, "mailto:tests@shanyraq.example").expect("a key of ours").public().to_owned();
    Data::new(delivery::subscriptions::Offer { key, reach: delivery::channels::web_push::Reach::AlsoThisMachine })
});

/// What the tests' installation offers to browsers.
pub fn offer() -> Data<delivery::subscriptions::Offer> {
    OFFER.clone()
}

/// Where chats are linked: pages name this bot.
pub fn telegram() -> Data<delivery::links::Offer> {
    Data::new(delivery::links::Offer { bot: "shanyraq_test_bot".to_owned(), opened_at: "https://t.me".to_owned() })
}

/// Live pages in words come with the whole program; here it matters who may open one.
pub fn blank_views() -> Views {
    Views { guardian: Box::new(|_, _| String::new()), notice: Box::new(|_, _| String::new()), school: Box::new(|_, _, _| String::new()), support: Box::new(|_, _| String::new()) }
}

async fn send(request: TestRequest) -> ServiceResponse<impl actix_web::body::MessageBody> {
    let app = init_service(App::new().app_data(site()).app_data(Data::new(Switchboard::default())).app_data(Data::new(shanyraq::rooms::registry())).app_data(Data::new(policy())).app_data(printer()).app_data(offer()).app_data(telegram()).app_data(Data::new(delivery::mailbox::Offer)).app_data(Data::new(blank_views())).app_data(Data::new(kernel::vault::Vault::of(RECORDS_KEY).expect("long enough"))).configure(shanyraq::run::live_routes).configure(shanyraq::rooms::routes).wrap(from_fn(web::shell))).await;
    // Guessing is slowed by address: every request of the tests comes from another one.
    let [a, b, ..] = kernel::id::fresh(Clock::System.now()).into_bytes()[12..] else { unreachable!() };
    let from = SocketAddr::from((Ipv4Addr::new(10, 9, a, b), 4000));
    call_service(&app, request.peer_addr(from).to_request()).await
}

impl Visitor {
    /// Nobody.
    pub fn nobody() -> Self {
        Self { session: Rc::default(), locale: "kk" }
    }

    /// Somebody who signed in with the password of all test logins.
    pub async fn signed_in(login: &str) -> Self {
        Self::with_password(login, DEMO_PASSWORD).await
    }

    /// Somebody who signed in with a password of their own.
    pub async fn with_password(login: &str, password: &str) -> Self {
        let form = [("login", login), ("password", password)];
        let answer = send(TestRequest::post().uri("/sign-in").set_form(form)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{login} could not sign in");
        let session = answer.response().cookies().find(|cookie| cookie.name() == "session").expect("a session cookie");
        Self { session: Rc::new(RefCell::new(Some(session.value().to_owned()))), locale: "kk" }
    }

    /// The token of the session; nobody has none.
    pub fn session(&self) -> Option<String> {
        self.session.borrow().clone()
    }

    /// The same, reading another language.
    pub fn reading(mut self, locale: &'static str) -> Self {
        self.locale = locale;
        self
    }

    /// Calls a route with its method: reads it, or sends a form.
    pub async fn ask(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Seen {
        match method {
            Method::POST => self.post(path, fields).await,
            method => self.seen(send(self.dress(TestRequest::with_uri(path).method(method).insert_header(("sec-fetch-site", "same-origin")))).await).await,
        }
    }

    fn dress(&self, request: TestRequest) -> TestRequest {
        let request = request.cookie(Cookie::new("locale", self.locale));
        match self.session() {
            Some(session) => request.cookie(Cookie::new("session", session)),
            None => request,
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Seen {
        self.seen(send(self.dress(TestRequest::get().uri(path))).await).await
    }

    /// Asks for a part of a page, as a page that keeps itself fresh does.
    pub async fn fragment(&self, path: &str) -> Seen {
        self.seen(send(self.dress(TestRequest::get().uri(path).insert_header(("hx-request", "true")))).await).await
    }

    /// Downloads a file.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        let answer = send(self.dress(TestRequest::get().uri(path))).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        read_body(answer).await.to_vec()
    }

    /// Sends a form, with the token that the page would hold.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.session().map(|session| token_of(&session)).unwrap_or_default();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.seen(send(self.dress(TestRequest::post().uri(path).set_form(fields))).await).await
    }

    /// Sends a form with a file, the token first, as the page has it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Seen {
        let token = self.session().map(|session| token_of(&session)).unwrap_or_default();
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].into_iter().chain(fields.iter().copied()) {
            body.extend(format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(format!("--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n", file.0).into_bytes());
        body.extend(file.1);
        body.extend(b"\r\n--bound--\r\n");
        let request = TestRequest::post().uri(path).insert_header(("content-type", "multipart/form-data; boundary=bound")).set_payload(body);
        self.seen(send(self.dress(request)).await).await
    }

    async fn seen(&self, answer: ServiceResponse<impl actix_web::body::MessageBody>) -> Seen {
        let fresh = answer.response().cookies().find(|cookie| cookie.name() == "session" && !cookie.value().is_empty()).map(|cookie| cookie.value().to_owned());
        if self.session.borrow().is_some() && fresh.is_some() {
            self.session.replace(fresh);
        }
        seen(answer).await
    }
}

fn token_of(session: &str) -> String {
    let request = TestRequest::get().app_data(site()).cookie(Cookie::new("session", session.to_owned())).to_http_request();
    web::csrf::token(&request).expect("a session has a token")
}

async fn seen(answer: ServiceResponse<impl actix_web::body::MessageBody>) -> Seen {
    let status = answer.status();
    let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok()).map(str::to_owned);
    let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
    Seen { status, location, body }
}
