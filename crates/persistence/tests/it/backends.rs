use std::time::Instant;
use liangnuo_test_support::{County, TestDb};
#[tokio::test]
async fn timing() {
    for _ in 0..3 {
        let t = Instant::now();
        let db = TestDb::new().await;
        println!("new {:?}", t.elapsed());
        let t = Instant::now();
        let county = County::new(db.store()).await;
        println!("county {:?}", t.elapsed());
        let t = Instant::now();
        let _ = county.actor(liangnuo_domain::Role::Admin, liangnuo_test_support::Spot::Root).await;
        println!("actor {:?}", t.elapsed());
    }
}
