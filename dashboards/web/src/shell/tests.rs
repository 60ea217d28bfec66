//! Failures, security headers and the fences against other sites, through the middleware as browsers and programs see them.

use actix_web::{
    App, HttpRequest, HttpResponse,
    body::to_bytes,
    dev::ServiceResponse,
    http::{StatusCode, header::HeaderMap},
    middleware::from_fn,
    test::{TestRequest, init_service, try_call_service},
    web::{Data, Path, get, post, to},
};
use askama::Template;
use kernel::{
    Error,
    clock::Clock,
    db::{Db, DbRole},
    right::Right,
};
use serde::Deserialize;

use crate::{Answer, Catalog, Failure, LOCALES, Memory, Mode, Page, Site, csrf, form::Posted, not_found, shell};

const SECRET: &str = "password of the database";

async fn failing(kind: Path<String>) -> Answer {
    Err(match kind.as_str() {
        "not_found" => Error::NotFound.into(),
        "forbidden" => Error::Forbidden(Right("fleet.see")).into(),
        "refused" => Error::Refused("web.broken").into(),
        "invalid" => Error::invalid("login", "failure-home").into(),
        "busy" => Error::Busy.into(),
        "broken" => Error::broken(SECRET).into(),
        "sign_in" => Failure::SignIn,
        "too_many" => Failure::TooMany(30),
        _ => Failure::CrossSite,
    })
}

#[derive(Deserialize)]
struct Typed {
    word: String,
}

#[derive(Template)]
#[template(source = "<p>{{ word }}</p>", ext = "html")]
struct Word {
    word: String,
}

async fn take(form: Posted<Typed>) -> HttpResponse {
    HttpResponse::Ok().body(form.0.word)
}

async fn word(req: HttpRequest) -> Answer {
    Page::new("<title>").live("/live/x").rev(7).respond(&req, &Word { word: "<мектеп>".into() })
}

async fn number(_: Path<u32>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn call(request: TestRequest) -> ServiceResponse {
    let site = Site {
        catalog: Catalog::build(LOCALES).unwrap(),
        db: Db::connect("postgresql://nobody@127.0.0.1:1/none", DbRole::Web, 1).unwrap(),
        clock: Clock::System,
        mode: Mode::Demo,
        url: "http://school.test".into(),
        tasks: Vec::new(),
        navigation: Vec::new(),
        rights: Vec::new(),
        memory: Memory::default(),
    };
    let routes = |cfg: &mut actix_web::web::ServiceConfig| {
        cfg.route("/fail/{kind}", get().to(failing)).route("/api/fail/{kind}", get().to(failing)).route("/form", post().to(take)).route("/word", get().to(word)).route("/number/{n}", get().to(number));
    };
    let app = init_service(App::new().app_data(Data::new(site)).configure(routes).configure(crate::routes).default_service(to(not_found)).wrap(from_fn(shell))).await;
    try_call_service(&app, request.insert_header(("host", "school.test")).to_request()).await.unwrap()
}

async fn text(answer: ServiceResponse) -> String {
    String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[actix_web::test]
async fn each_failure_has_its_status_page_and_code() {
    for (kind, status, code) in [
        ("not_found", 404, "web.not_found"),
        ("forbidden", 403, "web.forbidden"),
        ("refused", 409, "web.broken"),
        ("invalid", 422, "web.invalid"),
        ("busy", 503, "web.busy"),
        ("broken", 500, "web.broken"),
        ("too_many", 429, "web.too_many"),
        ("cross_site", 403, "web.cross_site"),
    ] {
        let page = call(TestRequest::get().uri(&format!("/fail/{kind}")).insert_header(("accept-language", "ru"))).await;
        assert_eq!(page.status().as_u16(), status, "{kind}");
        assert!(header(page.headers(), "content-type").starts_with("text/html"));
        assert!(text(page).await.contains("<html lang=\"ru\""), "{kind}");

        let problem = call(TestRequest::get().uri(&format!("/api/fail/{kind}"))).await;
        assert_eq!((problem.status().as_u16(), header(problem.headers(), "content-type")), (status, "application/problem+json"), "{kind}");
        let problem: serde_json::Value = serde_json::from_str(&text(problem).await).unwrap();
        assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()));
    }
}

#[actix_web::test]
async fn inv_2_a_cause_is_never_shown_but_an_id_to_quote_is() {
    for path in ["/fail/broken", "/api/fail/broken"] {
        let body = text(call(TestRequest::get().uri(path)).await).await;
        assert!(!body.contains(SECRET), "{body}");
    }
    let body = text(call(TestRequest::get().uri("/api/fail/broken")).await).await;
    assert!(body.contains("urn:shanyraq:failure:"), "{body}");
}

#[actix_web::test]
async fn nobody_is_led_to_the_sign_in_page_and_back() {
    let page = call(TestRequest::get().uri("/fail/sign_in?after=%D2%9B&x=1")).await;
    assert_eq!((page.status(), header(page.headers(), "location")), (StatusCode::SEE_OTHER, "/sign-in?next=/fail/sign_in%3Fafter%3D%25D2%259B%26x%3D1"));
    assert_eq!(call(TestRequest::get().uri("/api/fail/sign_in")).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(call(TestRequest::get().uri("/fail/sign_in").insert_header(("hx-request", "true"))).await.status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn what_no_room_knows_is_a_page_that_is_not_there() {
    for path in ["/nowhere", "/number/many", "/assets/nothing.css", "/assets/.gitkeep"] {
        let page = call(TestRequest::get().uri(path)).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(text(page).await.contains("Мұндай бет жоқ"), "{path}");
    }
}

#[actix_web::test]
async fn inv_4_every_answer_carries_the_security_headers() {
    for path in ["/word", "/nowhere", "/fail/broken", "/api/fail/busy"] {
        let answer = call(TestRequest::get().uri(path)).await;
        let policy = header(answer.headers(), "content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && policy.contains("wss://school.test"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(answer.headers(), "x-content-type-options"), "nosniff");
        assert_eq!(header(answer.headers(), "cache-control"), "no-store");
    }
}

#[actix_web::test]
async fn htmx_gets_the_body_alone_and_a_browser_the_whole_page() {
    let whole = text(call(TestRequest::get().uri("/word")).await).await;
    for part in ["<!doctype html>", "<html lang=\"kk\"", "&#60;title&#62;", "<p>&#60;мектеп&#62;</p>", "data-live=\"/live/x\" data-live-rev=\"7\"", "Көрсетілім режимі", "data-ago-minute=\"{n} мин бұрын\""] {
        assert!(whole.contains(part), "{part} in {whole}");
    }
    for forbidden in ["<script>", "style=", "onclick"] {
        assert!(!whole.contains(forbidden), "{forbidden} in {whole}");
    }
    assert_eq!(text(call(TestRequest::get().uri("/word").insert_header(("hx-request", "true"))).await).await, "<p>&#60;мектеп&#62;</p>");
}

#[actix_web::test]
async fn inv_3_a_post_from_another_site_is_refused() {
    let post = || TestRequest::post().uri("/form").insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload("word=x");
    for (name, value, status) in [
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "http://school.test", 200),
        ("origin", "http://evil.test", 403),
        ("origin", "null", 403),
        ("referer", "http://school.test/page", 200),
        ("referer", "http://school.test.evil.test/", 403),
        ("x-nothing", "said", 200),
    ] {
        assert_eq!(call(post().insert_header((name, value))).await.status().as_u16(), status, "{name}: {value}");
    }
}

#[actix_web::test]
async fn inv_3_a_socket_opened_by_another_site_is_refused() {
    let open = |origin| TestRequest::get().uri("/word").insert_header(("upgrade", "websocket")).insert_header(("origin", origin));
    assert_eq!(call(open("http://evil.test")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(call(open("http://school.test")).await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn inv_3_a_form_of_a_session_needs_its_token() {
    let with_session = |body: String| TestRequest::post().uri("/form").insert_header(("content-type", "application/x-www-form-urlencoded")).insert_header(("cookie", "session=abc")).set_payload(body);
    assert_eq!(call(with_session("word=x".into())).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(call(with_session(format!("word=x&{}=wrong", csrf::FIELD))).await.status(), StatusCode::FORBIDDEN);
    let page = text(call(TestRequest::get().uri("/word").insert_header(("cookie", "session=abc"))).await).await;
    let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the page carries the token");
    let taken = call(with_session(format!("word=x&csrf={token}"))).await;
    assert_eq!((taken.status(), text(taken).await.as_str()), (StatusCode::OK, "x"));
    let another = TestRequest::post().uri("/form").insert_header(("content-type", "application/x-www-form-urlencoded")).insert_header(("cookie", "session=other")).set_payload(format!("word=x&csrf={token}"));
    assert_eq!(call(another).await.status(), StatusCode::FORBIDDEN, "the token of another session");
}

#[actix_web::test]
async fn the_kit_shows_every_component_in_each_language() {
    for language in ["kk", "ru", "en"] {
        let open = TestRequest::get().uri("/kit?class=kit-class-7a&sort=-born&month=2026-09&done=row").insert_header(("cookie", format!("locale={language}; columns-kit-pupils=born.card")));
        let page = text(call(open).await).await;
        for part in ["sh-toast", "sh-stat ", "sh-note", "sh-chip", "aria-sort=\"descending\"", "sh-bulk", "sh-empty", "<fieldset", "sh-stepper", "sh-job", "<progress", "sh-bars", "sh-timeline", "data-dialog", "sh-month"] {
            assert!(page.contains(part), "{part} is not on the kit in {language}");
        }
        assert!(!page.contains(">kit-") && !page.contains(">table-") && !page.contains(">job-"), "a message is missing in {language}");
    }
}

#[actix_web::test]
async fn a_form_that_is_wrong_says_so_at_its_fields_and_keeps_what_was_typed() {
    let send = |body: &'static str| TestRequest::post().uri("/kit").insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body);
    let wrong = text(call(send("surname=&born=32.13.2014&note=%D3%99%3Cb%3E")).await).await;
    for part in ["id=\"surname-error\"", "aria-describedby=\"surname-hint surname-error\"", "id=\"born-error\"", "value=\"32.13.2014\"", "ә&#60;b&#62;"] {
        assert!(wrong.contains(part), "{part} is not in {wrong}");
    }
    assert_eq!(call(send("surname=%D0%9E%D1%81%D0%BF%D0%B0%D0%BD&born=02.03.2014")).await.status(), StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_job_asks_for_itself_until_it_is_over() {
    let under_way = text(call(TestRequest::get().uri("/kit/job?at=300")).await).await;
    assert!(under_way.contains("hx-trigger=\"every 2s\"") && under_way.contains("value=\"300\""), "{under_way}");
    let over = text(call(TestRequest::get().uri("/kit/job?at=9999")).await).await;
    assert!(!over.contains("hx-trigger") && over.contains("sh-note sh-ok"), "{over}");
}

#[actix_web::test]
async fn the_columns_that_were_chosen_are_kept_in_a_cookie() {
    let choose = |body: &'static str| TestRequest::post().uri("/columns").insert_header(("content-type", "application/x-www-form-urlencoded")).insert_header(("referer", "http://school.test/kit?q=x")).set_payload(body);
    let chosen = call(choose("table=kit-pupils&column=born&column=card&column=%3B+Path")).await;
    let cookies: Vec<String> = chosen.response().cookies().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    assert_eq!((chosen.status(), chosen.headers().get("location").unwrap().to_str().unwrap(), cookies), (StatusCode::SEE_OTHER, "/kit?q=x", vec!["columns-kit-pupils=born.card".to_owned()]));
    assert_eq!(call(choose("table=%3B&column=born")).await.response().cookies().count(), 0);
}
