//! A code proves who somebody is once, however many bring it at the same moment.

use liangnuo_test_support::{
    Authenticator,
    api::{Call, PASSWORD, token_for},
};
use serde_json::{Value, json};

use super::{
    at_once::{AT_ONCE, Reply, serve, volley_of},
    stage::Stage,
};

/// Somebody at the school who has begun to set a second factor up.
struct Begun {
    stage: Stage,
    address: std::net::SocketAddr,
    token: String,
    phone: Authenticator,
}

async fn begun() -> Begun {
    let stage = Stage::new().await;
    let address = serve(&stage).await;
    let token = token_for(&stage.state, "member").await;
    let call = Call::new("POST", "/me/second-factor/begin").bearer(&token);
    let seed = stage.send(call.json(&json!({}))).await.ok(200);
    let phone = Authenticator::of(seed["seed"].as_str().unwrap());
    Begun {
        stage,
        address,
        token,
        phone,
    }
}

impl Begun {
    fn code(&self) -> String {
        self.phone.shows(self.stage.state.clock.now())
    }

    /// The same request, a hundred times at once.
    async fn volley(&self, path: &str, body: Value) -> Vec<Reply> {
        let call = Call::new("POST", path).bearer(&self.token).json(&body);
        volley_of(self.address, vec![call; AT_ONCE]).await
    }

    async fn rows(&self, sql: &str) -> usize {
        self.stage.db_texts(sql).await.len()
    }

    async fn sessions(&self) -> usize {
        self.rows("SELECT 'x' FROM sessions").await
    }

    async fn enrolled(&self) -> Vec<String> {
        let call = Call::new("POST", "/me/second-factor/enrol").bearer(&self.token);
        let done = self.stage.send(call.json(&json!({"code": self.code()}))).await.ok(200);
        let codes = done["recovery_codes"].as_array().unwrap().iter();
        codes.map(|code| code.as_str().unwrap().to_owned()).collect()
    }
}

/// One succeeds, and all others are told the same.
#[track_caller]
fn one_wins(replies: &[Reply], status: u16, code: &str) {
    let won = replies.iter().filter(|reply| reply.is_success()).count();
    let is_lost = |reply: &&Reply| reply.status == status && reply.body["code"] == code;
    let lost = replies.iter().filter(is_lost).count();
    let odd = replies.iter().find(|reply| !reply.is_success() && !is_lost(reply));
    assert_eq!((won, lost), (1, AT_ONCE - 1), "{odd:?}");
}

#[actix_web::test]
async fn a_hundred_at_once_with_one_code_open_one_session() {
    let begun = begun().await;
    let codes = begun.enrolled().await;
    begun.stage.state.clock.advance_seconds(30);
    let body = json!({"login": "member", "password": PASSWORD});
    let answer = begun.stage.send(Call::new("POST", "/auth/login").json(&body)).await;
    let problem = answer.refused(401, "second_factor_needed");
    let before = begun.sessions().await;
    let body = json!({"ticket": problem["ticket"], "code": begun.code()});
    one_wins(&begun.volley("/auth/second-factor", body).await, 422, "wrong_code");
    assert_eq!(begun.sessions().await, before + 1);
    let body = json!({"ticket": problem["ticket"], "recovery_code": codes[0]});
    one_wins(&begun.volley("/auth/second-factor", body).await, 422, "wrong_code");
    assert_eq!(begun.sessions().await, before + 2);
    let used = "SELECT 'x' FROM events WHERE action = 'accounts.recovery_code_used'";
    assert_eq!(begun.rows(used).await, 1);
    let body = json!({"recovery_code": codes[1]});
    one_wins(&begun.volley("/auth/confirm", body).await, 422, "wrong_code");
    assert_eq!(begun.rows(used).await, 2);
}

#[actix_web::test]
async fn a_hundred_at_once_set_one_second_factor_up_and_turn_it_off_once() {
    let begun = begun().await;
    let body = json!({"code": begun.code()});
    one_wins(&begun.volley("/me/second-factor/enrol", body).await, 409, "not_ready");
    let codes = "SELECT 'x' FROM recovery_codes";
    assert_eq!(begun.rows(codes).await, 10);
    // Each makes ten, and those of the last one hold: never a mixture.
    let made = begun.volley("/me/second-factor/recovery-codes", json!({})).await;
    assert!(made.iter().all(Reply::is_success), "{made:?}");
    assert_eq!(begun.rows(codes).await, 10);
    let off = begun.volley("/me/second-factor/turn-off", json!({})).await;
    one_wins(&off, 409, "wrong_state");
    for (action, times) in [
        ("second_factor_enrolled", 1),
        ("recovery_codes_made", AT_ONCE),
        ("second_factor_turned_off", 1),
    ] {
        let sql = format!("SELECT 'x' FROM events WHERE action = 'accounts.{action}'");
        assert_eq!(begun.rows(&sql).await, times, "{action}");
    }
}
