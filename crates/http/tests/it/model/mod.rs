//! Long lives of cases at random, through the API, against a reference of the rules that is written apart from them. What
//! each step comes to, and where the case then stands for its handler and its complainant, must be the same: on SQLite and
//! on PostgreSQL, since both are held to the one reference.

mod reference;

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::{Answer, TestApp, api::Call, test_app};
use reference::{Case, Deed, Outcome};
use serde_json::{Value, json};

const DAY: i64 = 86_400;
/// Lives, and steps of each at most.
const LIVES: u64 = 10;
const STEPS: usize = 50;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % sides
    }

    fn days(&mut self, most: u64) -> i64 {
        1 + i64::try_from(self.below(most)).unwrap()
    }

    /// Mostly what leads on and seldom what ends, so that lives go far; everything else now and then.
    fn deed(&mut self, case: &Case) -> Deed {
        loop {
            let deed = self.any_deed();
            let ends = matches!(deed, Deed::NotAccept | Deed::Refer | Deed::Withdraw | Deed::Rate(3..));
            let leads_on = case.clone().take(deed) == Outcome::Done;
            if self.below(if ends { 12 } else { 3 }) == 0 || (leads_on && !ends) {
                return deed;
            }
        }
    }

    fn any_deed(&mut self) -> Deed {
        let by_second = self.below(3) == 0;
        match self.below(52) {
            0..4 => Deed::Accept,
            4 => Deed::NotAccept,
            5 => Deed::Refer,
            6..9 => Deed::Assign,
            9 => Deed::Object,
            10 => Deed::Draft {
                submit: false,
                by_second,
            },
            11..14 => Deed::Draft {
                submit: true,
                by_second,
            },
            14..20 => Deed::Approve {
                send: self.below(3) > 0,
            },
            20 => Deed::Return,
            21..24 => Deed::Reply,
            24..26 => Deed::Hold(self.days(12)),
            26 => Deed::Resume,
            27..29 => Deed::AskExtension(self.days(30)),
            29 => Deed::Extend,
            30 => Deed::RefuseExtension,
            31..33 => Deed::AskLongerHold(self.days(16)),
            33..35 => Deed::GrantLongerHold,
            35 => Deed::RefuseLongerHold,
            36 => [Deed::Note, Deed::Message, Deed::Emergency][usize::try_from(self.below(3)).unwrap()],
            37 => Deed::Supervise,
            38 => Deed::Lift,
            39..41 => Deed::Conclude,
            41 if self.below(4) == 0 => Deed::Withdraw,
            42 => Deed::Classify(
                ["grievance", "inquiry", "suggestion", "praise"][usize::try_from(self.below(4)).unwrap()],
            ),
            41 | 43 => Deed::Add,
            44 => Deed::Rate(self.days(5)),
            45..48 => Deed::Redo,
            _ => Deed::Days(self.days(6)),
        }
    }
}

/// Those who have a part; their tokens last for a quarter of an hour, and days pass.
struct Hands {
    handler: String,
    second: String,
    head: String,
    leader: String,
}

struct Life<'a, S> {
    app: &'a TestApp<S>,
    id: String,
    code: String,
    /// As it was last seen.
    version: i64,
    hands: Hands,
}

impl<S, B> Life<'_, S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    /// The state that the handler and the complainant see.
    async fn look(&mut self) -> [Value; 2] {
        let path = format!("/complaints/{}", self.id);
        let case = self.app.get_as(&self.hands.handler, &path).await.ok(200);
        self.version = case["version"].as_i64().unwrap();
        let track = json!({"receipt_code": self.code});
        let tracked = self.app.post("/public/complaints/track", track).await.ok(200);
        [case["state"].clone(), tracked["state"].clone()]
    }

    async fn staff(&self, token: &str, verb: &str, body: Value) -> Answer {
        let call = Call::new("POST", &format!("/complaints/{}/{verb}", self.id))
            .bearer(token)
            .if_match(self.version)
            .key(self.app.uuid());
        self.app.send(call.json(&body)).await
    }

    async fn complainant(&self, verb: &str, mut body: Value) -> Answer {
        body["receipt_code"] = json!(self.code);
        body["altcha"] = json!(self.app.proof().await);
        let call = Call::new("POST", &format!("/public/complaints/{verb}")).key(self.app.uuid());
        self.app.send(call.json(&body)).await
    }

    async fn take(&self, deed: Deed) -> Answer {
        let Hands {
            handler,
            second,
            head,
            leader,
        } = &self.hands;
        let why = json!({"reason": "理由如下"});
        let (token, verb, body) = match deed {
            Deed::Accept => (handler, "accept", json!({})),
            Deed::NotAccept => (handler, "not-accept", why),
            Deed::Refer => (
                handler,
                "refer",
                json!({"reason": "理由如下", "where_to_go": "县卫健局"}),
            ),
            Deed::Assign => (head, "assign", json!({"unit_id": self.app.county.own})),
            Deed::Object => (handler, "object", why),
            Deed::Draft { submit, by_second } => {
                let parts = json!({"request": "问", "facts": "查", "decision": "办", "basis": "据", "submit": submit});
                (if by_second { second } else { handler }, "draft", parts)
            }
            Deed::Approve { send } => (head, "approve", json!({"send": send})),
            Deed::Return => (head, "return", why),
            Deed::Reply => (handler, "reply", json!({})),
            Deed::Hold(days) => (handler, "hold", json!({"body": "请问是哪一天？", "days": days})),
            Deed::Resume => (handler, "resume", json!({})),
            Deed::AskExtension(days) => (handler, "extension", json!({"days": days, "reason": "要等检测"})),
            Deed::Extend => (head, "extension/grant", json!({})),
            Deed::RefuseExtension => (head, "extension/refuse", why),
            Deed::AskLongerHold(days) => (handler, "longer-hold", json!({"days": days, "reason": "人在外地"})),
            Deed::GrantLongerHold => (head, "longer-hold/grant", json!({})),
            Deed::RefuseLongerHold => (head, "longer-hold/refuse", why),
            Deed::Note => (handler, "note", json!({"note": "已到现场"})),
            Deed::Message => (handler, "message", json!({"body": "正在核实。"})),
            Deed::Classify(kind) => (handler, "classify", json!({"kind": kind})),
            Deed::Supervise => (leader, "supervise", json!({"reason": "反映集中"})),
            Deed::Lift => (leader, "supervise/lift", why),
            Deed::Emergency => (handler, "emergency", why),
            Deed::Conclude => (handler, "conclude", why),
            Deed::Withdraw => (handler, "withdraw", why),
            Deed::Add => return self.complainant("messages", json!({"body": "是周二。"})).await,
            Deed::Rate(level) => return self.complainant("rating", json!({"level": level})).await,
            Deed::Redo => return self.complainant("redo", why).await,
            Deed::Days(_) => unreachable!("days pass by themselves"),
        };
        self.staff(token, verb, body).await
    }

    async fn pass(&mut self, days: i64) {
        self.app.clock.advance_seconds(days * DAY);
        let now = self.app.state.clock.now();
        while self.app.state.store.wake_cases(now).await.unwrap().found > 0 {}
        self.hands = hands(self.app).await;
    }
}

async fn hands<S, B>(app: &TestApp<S>) -> Hands
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    Hands {
        handler: app.token(Role::Handler).await,
        second: app.root_token(Role::Handler).await,
        head: app.token(Role::UnitHead).await,
        leader: app.root_token(Role::Leader).await,
    }
}

fn outcome(answer: &Answer) -> Outcome {
    match (answer.status.as_u16(), answer.json["code"].as_str()) {
        (200 | 201, _) => Outcome::Done,
        (409, Some("wrong_state")) => Outcome::WrongState,
        (409, Some("not_ready")) => Outcome::NotReady,
        (409, Some("own_work")) => Outcome::OwnWork,
        (422, Some("invalid_field")) => Outcome::Invalid,
        other => panic!("{other:?}: {}", answer.json),
    }
}

#[actix_web::test]
async fn a_case_lives_as_the_rules_say_whatever_is_done_with_it() {
    let mut reached: Vec<&str> = Vec::new();
    for seed in 1..=LIVES {
        let app = test_app().await;
        let receipt = app.file("grievance", Some(app.county.own.0)).await;
        let hands = hands(&app).await;
        let list = format!("/complaints?q={}", receipt["number"].as_str().unwrap());
        let found = app.get_as(&hands.handler, &list).await.ok(200);
        let mut life = Life {
            app: &app,
            id: found["items"][0]["id"].as_str().unwrap().to_owned(),
            code: receipt["receipt_code"].as_str().unwrap().to_owned(),
            version: 1,
            hands,
        };
        let mut dice = Dice((seed + 40).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut case = Case::filed();
        let mut story = Vec::new();
        let mut after_the_end = 0;
        for _ in 0..STEPS {
            let deed = dice.deed(&case);
            let expected = case.take(deed);
            story.push((deed, expected, case.state));
            let got = match deed {
                Deed::Days(days) => {
                    life.pass(days).await;
                    Outcome::Done
                }
                deed => outcome(&life.take(deed).await),
            };
            assert_eq!(got, expected, "life {seed}: {story:#?}");
            let seen = life.look().await;
            assert_eq!(seen, [json!(case.state), json!(case.state)], "life {seed}: {story:#?}");
            reached.push(case.state);
            after_the_end += usize::from(["not_accepted", "referred", "withdrawn"].contains(&case.state));
            if after_the_end > 5 {
                break;
            }
        }
    }
    for state in [
        "objected",
        "waiting",
        "reply_drafted",
        "replied",
        "redoing",
        "concluded",
    ] {
        assert!(reached.contains(&state), "no life came to {state}");
    }
}
