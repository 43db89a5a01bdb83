//! The store of objects: a folder, and a real server of S3 in this process; what holds for the one holds for the other.

use std::{net::SocketAddr, sync::Arc};

use liangnuo_domain::Timestamp;
use liangnuo_persistence::{
    StoreError,
    ids::Ids,
    objects::{Bucket, Objects},
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::{net::TcpListener, task::JoinHandle};

const KEY: &str = "key-of-the-test";
const SECRET: &str = "secret-of-the-test";

struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

/// A server of S3 with one empty bucket.
async fn server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("files")).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let http = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
        let http = Arc::new(http);
        // Connections end with the server, as those of one that dies.
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (http, service) = (Arc::clone(&http), service.clone());
            connections.spawn(async move {
                let _ = http
                    .serve_connection(hyper_util::rt::TokioIo::new(socket), service)
                    .await;
            });
        }
    });
    Server {
        address,
        task,
        _folder: folder,
    }
}

fn bucket(address: SocketAddr, secret: &str) -> Objects {
    Objects::in_bucket(&Bucket {
        endpoint: format!("http://{address}"),
        name: "files".to_owned(),
        region: "us-east-1".to_owned(),
        key_id: KEY.to_owned(),
        secret: secret.to_owned(),
    })
    .unwrap()
}

/// What every store does.
async fn holds(objects: &Objects) {
    let ids = Ids::system();
    let (one, other) = (ids.v4(), ids.v4());
    assert_eq!(objects.get(one).await.unwrap(), None);
    // Gone already is as good as gone.
    objects.delete(one).await.unwrap();
    let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    objects.put(one, content.clone()).await.unwrap();
    objects.put(other, Vec::new()).await.unwrap();
    assert_eq!(objects.get(one).await.unwrap(), Some(content));
    assert_eq!(objects.get(other).await.unwrap(), Some(Vec::new()));
    let mut kept = objects.kept_before(Timestamp::from_micros(i64::MAX)).await.unwrap();
    kept.sort();
    let mut both = vec![one, other];
    both.sort();
    assert_eq!(kept, both);
    assert!(objects.kept_before(Timestamp::from_micros(0)).await.unwrap().is_empty());
    objects.delete(one).await.unwrap();
    assert_eq!(objects.get(one).await.unwrap(), None);
    assert!(objects.get(other).await.unwrap().is_some());
}

#[tokio::test]
async fn a_folder_keeps_objects_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("deep").join("objects");
    let objects = Objects::in_folder(&at).unwrap();
    holds(&objects).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&at).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn memory_keeps_objects() {
    holds(&Objects::in_memory()).await;
}

#[tokio::test]
async fn a_bucket_keeps_objects() {
    let server = server().await;
    holds(&bucket(server.address, SECRET)).await;
}

#[tokio::test]
async fn a_server_that_is_away_or_says_no_is_no_missing_object() {
    let server = server().await;
    let ids = Ids::system();
    let (kept, objects) = (ids.v4(), bucket(server.address, SECRET));
    objects.put(kept, b"sealed".to_vec()).await.unwrap();
    let stranger = bucket(server.address, "another secret");
    for refused in [
        stranger.get(kept).await.map(drop),
        stranger.put(ids.v4(), Vec::new()).await,
        stranger.delete(kept).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Objects(_))), "{refused:?}");
    }
    server.task.abort();
    let _ = server.task.await;
    for failed in [
        objects.get(kept).await.map(drop),
        objects.put(ids.v4(), Vec::new()).await,
        objects.delete(kept).await,
    ] {
        assert!(matches!(failed, Err(StoreError::Objects(_))), "{failed:?}");
    }
    assert!(objects.kept_before(Timestamp::from_micros(i64::MAX)).await.is_err());
}
