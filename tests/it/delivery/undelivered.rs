//! Dead letters from outside: counted by cause, sent again once, given up where they are no news any more.

use actix_web::http::StatusCode;
use kernel::{
    id::{NoticeId, TokenId},
    right::Role,
};
use notice::ENTERED;
use serde_json::Value;

use super::world::{AtWork, Provider, World, login_of};
use crate::{
    rights::hire,
    visitor::{Seen, Visitor},
};

const REFUSED: &str = "refused 1 403 SENDER_ID_MISMATCH";

/// A school three of whose phones are refused by the provider.
struct Refused {
    world: World,
    provider: Provider,
    at_work: AtWork,
    notices: Vec<NoticeId>,
    support: Visitor,
}

impl Refused {
    async fn new() -> Self {
        let (world, provider) = (World::new().await, Provider::start().await);
        let at_work = AtWork::start(&world, provider.channel(&world.clock));
        let mut notices = Vec::new();
        for pupil in 0..3 {
            world.rename_phone(pupil, "alien").await;
            let issued = world.issue(&[world.draft(pupil, &ENTERED)]).await;
            notices.push(issued.notices[0].id);
            at_work.hand_over(issued).unwrap();
        }
        for notice in &notices {
            world.delivery_becomes(*notice, REFUSED).await;
        }
        let support = Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await.reading("en");
        Self { world, provider, at_work, notices, support }
    }

    fn address(&self) -> String {
        format!("/support/undelivered/cause?days=1&school={}&channel=fcm&outcome=refused&detail=403%20SENDER_ID_MISMATCH", self.world.school.code)
    }

    /// Makes what a notice tells of two hours old.
    async fn make_old(&self, notice: usize) {
        self.world.rows.execute("update notice set occurred_at = occurred_at - interval '2 hours' where id = $1", &[&self.notices[notice]]).await.unwrap();
    }

    /// The provider takes the phones from now on.
    async fn mend(&self) {
        for pupil in 0..3 {
            self.world.rename_phone(pupil, "mended").await;
        }
    }

    /// What the dispatcher takes is due by the school's clock.
    fn later(&self) {
        self.world.clock.advance(jiff::SignedDuration::from_secs(120));
    }

    /// What the page's form sends; of one letter where one is named.
    async fn press(&self, seen_at: &str, only: Option<(NoticeId, TokenId)>) -> (i64, i64) {
        let (notice, token) = only.map(|(notice, token)| (notice.to_string(), token.to_string())).unwrap_or_default();
        let fields = [
            ("days", "1"),
            ("school", &*self.world.school.code),
            ("channel", "fcm"),
            ("outcome", "refused"),
            ("detail", "403 SENDER_ID_MISMATCH"),
            ("seen_at", seen_at),
            ("notice", &*notice),
            ("token", &*token),
        ];
        let answer = self.support.post("/support/undelivered/replay", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let back = answer.location.expect("a way back");
        let number = |name: &str| back.split(['?', '&']).find_map(|part| part.strip_prefix(name)).and_then(|text| text.parse().ok()).expect("a number");
        (number("again="), number("old="))
    }

    /// What the trail says of acts: how many went again and how many were given up.
    async fn audit(&self) -> Vec<(i64, i64)> {
        let sql = "select detail from audit where school_id = $1 and action = 'delivery.replay' order by at, id";
        let rows = self.world.rows.query(sql, &[&self.world.school.id]).await.unwrap();
        let number = |detail: &Value, name: &str| detail[name].as_i64().unwrap();
        rows.iter().map(|row| row.get::<_, Value>(0)).map(|detail| (number(&detail, "again"), number(&detail, "given_up"))).collect()
    }

    async fn token(&self, pupil: usize) -> TokenId {
        let sql = "select id from push_token where person_id = $1 and removed_at is null";
        self.world.rows.query_one(sql, &[&self.world.guardian(pupil)]).await.unwrap().get(0)
    }
}

/// When a page says that it was made.
fn seen_at(page: &Seen) -> String {
    let after = page.body.split_once("name=\"seen_at\" value=\"").unwrap_or_else(|| panic!("no form: {}", page.body)).1;
    after.split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn inv_1_and_3_two_clicks_send_once_and_leave_one_row_in_the_trail() {
    let refused = Refused::new().await;
    let page = refused.support.get(&refused.address()).await;
    let seen = seen_at(&page);
    refused.mend().await;
    let (left, right) = futures_util::future::join(refused.press(&seen, None), refused.press(&seen, None)).await;
    assert_eq!((left.0 + right.0, left.1 + right.1), (3, 0));
    refused.later();
    for notice in &refused.notices {
        refused.world.delivery_becomes(*notice, "sent 2 403 SENDER_ID_MISMATCH").await;
    }
    assert_eq!(refused.press(&seen, None).await, (0, 0));
    assert_eq!(refused.provider.count("/outcomes/accepted"), 3);
    assert_eq!(refused.audit().await.iter().map(|(again, _)| again).sum::<i64>(), 3);
    assert!(refused.support.get(&refused.address()).await.shows("Everything was delivered"));
}

#[actix_web::test]
async fn inv_1_what_fails_again_is_opened_by_a_page_made_anew_and_by_no_other() {
    let refused = Refused::new().await;
    let seen = seen_at(&refused.support.get(&refused.address()).await);
    assert_eq!(refused.press(&seen, None).await, (3, 0));
    refused.later();
    for notice in &refused.notices {
        refused.world.delivery_becomes(*notice, "refused 2 403 SENDER_ID_MISMATCH").await;
    }
    assert_eq!(refused.press(&seen, None).await, (0, 0), "the same form a second time");
    // Their clock was ahead of the page's: what ended after a page was made is not on it.
    refused.world.rows.execute("update delivery set outcome_at = now() where school_id = $1", &[&refused.world.school.id]).await.unwrap();
    refused.mend().await;
    let page = refused.support.get(&refused.address()).await;
    assert!(page.shows("Sent again before"), "{}", page.body);
    assert_eq!(refused.press(&seen_at(&page), None).await, (3, 0));
    refused.later();
    for notice in &refused.notices {
        refused.world.delivery_becomes(*notice, "sent 3 403 SENDER_ID_MISMATCH").await;
    }
    drop(refused.at_work);
}

#[actix_web::test]
async fn inv_2_and_4_what_is_no_news_any_more_is_counted_given_up_and_not_sent() {
    let refused = Refused::new().await;
    refused.make_old(2).await;
    let page = refused.support.get(&refused.address()).await;
    assert!(page.shows("<b id=\"fresh\">2</b>") && page.shows("<b id=\"old\">1</b>") && page.shows("Send again: 2"), "{}", page.body);
    let overview = refused.support.get(&format!("/support/undelivered?days=1&school={}", refused.world.school.code)).await;
    assert!(overview.shows("403 SENDER_ID_MISMATCH") && overview.shows("The provider does not know us"), "{}", overview.body);
    refused.mend().await;
    assert_eq!(refused.press(&seen_at(&page), None).await, (2, 1));
    assert_eq!(refused.audit().await, [(2, 1)]);
    refused.later();
    refused.world.delivery_becomes(refused.notices[0], "sent 2 403 SENDER_ID_MISMATCH").await;
    refused.world.delivery_becomes(refused.notices[1], "sent 2 403 SENDER_ID_MISMATCH").await;
    assert_eq!(refused.world.deliveries(refused.notices[2]).await, ["given_up 1 403 SENDER_ID_MISMATCH"]);
    assert_eq!(refused.provider.count("/outcomes/accepted"), 2);

    let guardian = Visitor::signed_in(login_of(&refused.world, 2)).await;
    assert!(guardian.get("/my/inbox").await.shows(&format!("notice-{}", refused.notices[2])), "it is history, and not lost");
    let administrator = refused.world.school.staff.iter().find(|one| one.role == Role::SchoolAdministrator).unwrap();
    let log = Visitor::signed_in(&administrator.login).await.reading("en").get(&format!("/{}/deliveries", refused.world.school.code)).await;
    assert!(log.shows("Not delivered in time") && log.shows("Sent again by support"), "{}", log.body);
}

#[actix_web::test]
async fn inv_3_one_alone_is_sent_and_the_others_wait() {
    let refused = Refused::new().await;
    let seen = seen_at(&refused.support.get(&refused.address()).await);
    let one = (refused.notices[1], refused.token(1).await);
    refused.mend().await;
    assert_eq!(refused.press(&seen, Some(one)).await, (1, 0));
    assert_eq!(refused.press(&seen, Some(one)).await, (0, 0));
    refused.later();
    refused.world.delivery_becomes(refused.notices[1], "sent 2 403 SENDER_ID_MISMATCH").await;
    for other in [0, 2] {
        assert_eq!(refused.world.deliveries(refused.notices[other]).await, [REFUSED]);
    }
    assert_eq!(refused.audit().await, [(1, 0)]);
}

#[actix_web::test]
async fn what_a_parent_switched_off_meanwhile_stays_off() {
    let refused = Refused::new().await;
    let seen = seen_at(&refused.support.get(&refused.address()).await);
    let off = "insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ($1, $2, $3, 'entered', 'off', now())";
    refused.world.rows.execute(off, &[&refused.world.school.id, &refused.world.guardian(0), &refused.world.school.pupils[0].id]).await.unwrap();
    refused.mend().await;
    assert_eq!(refused.press(&seen, None).await, (3, 0));
    refused.later();
    refused.world.delivery_becomes(refused.notices[0], "switched_off 1 while it waited").await;
    refused.world.delivery_becomes(refused.notices[1], "sent 2 403 SENDER_ID_MISMATCH").await;
}

#[actix_web::test]
async fn inv_5_the_page_names_nobody_and_opens_to_the_supplier_alone() {
    let refused = Refused::new().await;
    let page = refused.support.get(&refused.address()).await;
    for pupil in &refused.world.school.pupils {
        assert!(!page.shows(&pupil.name) && !page.shows(pupil.name.split(' ').next().unwrap()), "{}", page.body);
    }
    let elsewhere = refused.support.get("/support/undelivered?school=nosuchschool").await;
    assert!(elsewhere.status == StatusCode::OK && elsewhere.shows("Everything was delivered"));

    let seen = seen_at(&page);
    let fields = [("days", "1"), ("school", ""), ("channel", "fcm"), ("outcome", "refused"), ("detail", "403 SENDER_ID_MISMATCH"), ("seen_at", &*seen)];
    let director = refused.world.school.staff.iter().find(|one| one.role == Role::Director).unwrap();
    for stranger in [Visitor::signed_in(&director.login).await, Visitor::signed_in(login_of(&refused.world, 0)).await] {
        assert_eq!(stranger.get(&refused.address()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger.post("/support/undelivered/replay", &fields).await.status, StatusCode::FORBIDDEN);
    }
    assert_ne!(Visitor::nobody().get("/support/undelivered").await.status, StatusCode::OK);
    for notice in &refused.notices {
        assert_eq!(refused.world.deliveries(*notice).await, [REFUSED]);
    }
}
