//! The bare server: what a delivery costs at least on this machine. It checks the signature, reads six fields, and answers after the
//! commit that made the row durable, which it shares with others; it knows no consent, no redaction, no person, no audit.
//!
//! Frozen: it is what the product is held against, so it stays as it is while the product grows.

use actix_web::web::{Bytes, Data, PayloadConfig, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use ring::{digest, hmac};
use rusqlite::Connection;
use serde::Deserialize;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

/// Deliveries that share a commit at most.
const BATCH_MAX: usize = 256;
/// Deliveries that wait for the writer at most.
const QUEUE_MAX: usize = 1024;

#[derive(Deserialize)]
struct Event {
    action: String,
    repository: Repository,
    pull_request: Change,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct Change {
    number: i64,
    title: String,
    created_at: String,
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: i64,
}

struct Row {
    key: Vec<u8>,
    event: Event,
    done: oneshot::Sender<()>,
}

/// Serves on a free port, which it prints, until it is killed.
pub(crate) fn serve(folder: &Path, secret: &str) {
    let (queue, rows) = sync_channel(QUEUE_MAX);
    let file = folder.join("bare.db");
    std::thread::spawn(move || keep(&open(&file), &rows));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(PayloadConfig::new(4 << 20))
            .app_data(Data::new(key.clone()))
            .app_data(Data::new(queue.clone()))
            .route("/hooks", post().to(receive))
    });
    let server = server.workers(2).listen(listener).expect("a server").run();
    actix_web::rt::System::new().block_on(server).expect("a server that runs");
}

fn open(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("a file");
    let key = "2b7e151628aed2a6abf7158809cf4f3c2b7e151628aed2a6abf7158809cf4f3c";
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")).expect("pragmas");
    connection
        .execute_batch(
            "CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID;
             CREATE TABLE change (id INTEGER PRIMARY KEY, repository TEXT, number INTEGER, action TEXT, title TEXT, at TEXT, author INTEGER);
             CREATE INDEX change_at ON change (repository, number)",
        )
        .expect("tables");
    connection
}

fn keep(connection: &Connection, rows: &Receiver<Row>) {
    while let Ok(first) = rows.recv() {
        let batch: Vec<Row> = std::iter::once(first).chain(rows.try_iter().take(BATCH_MAX - 1)).collect();
        connection.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        for row in &batch {
            let mut seen = connection.prepare_cached("INSERT INTO seen (key) VALUES (?1) ON CONFLICT DO NOTHING").expect("SQL");
            if seen.execute((&row.key,)).expect("a row") == 1 {
                let Event { action, repository, pull_request: change } = &row.event;
                connection
                    .prepare_cached("INSERT INTO change (repository, number, action, title, at, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                    .and_then(|mut insert| {
                        insert.execute((&repository.full_name, change.number, action, &change.title, &change.created_at, change.user.id))
                    })
                    .expect("a row");
            }
        }
        connection.execute_batch("COMMIT").expect("a durable commit");
        for row in batch {
            let _ = row.done.send(());
        }
    }
}

async fn receive(req: HttpRequest, body: Bytes, key: Data<hmac::Key>, queue: Data<SyncSender<Row>>) -> HttpResponse {
    let signature = req.headers().get("x-hub-signature-256").and_then(|value| value.to_str().ok()?.strip_prefix("sha256="));
    let signature = signature.and_then(|digits| hex::decode(digits).ok()).unwrap_or_default();
    if hmac::verify(&key, &body, &signature).is_err() {
        return HttpResponse::Unauthorized().finish();
    }
    let Ok(event) = serde_json::from_slice(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    let (done, durable) = oneshot::channel();
    let row = Row { key: digest::digest(&digest::SHA256, &body).as_ref()[..16].to_vec(), event, done };
    if queue.try_send(row).is_err() || durable.await.is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Accepted().finish()
}
