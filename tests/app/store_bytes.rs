//! Every byte at rest, decrypted: each page of each database and each frame of each write-ahead log, free and stale ones too.
//!
//! Written from SQLCipher's published design (a page is AES-256-CBC, its initialisation vector and authentication code stand
//! in the 48 reserved bytes at its end; the first 16 bytes of the file are its salt), and not with the product's own store.

use aes::Aes256;
use aes::cipher::{Block, BlockCipherDecrypt as _, KeyInit as _};
use smartretro::crypto::keys::{Kek, KeyPlace, Purpose};
use std::path::{Path, PathBuf};

const PAGE: usize = 4096;
const RESERVED: usize = 48;
const BLOCK: usize = 16;
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// All decrypted pages of a data directory that no process has open, one after the other.
pub(crate) fn everything(data: &Path) -> Vec<u8> {
    let mut bytes = file(&data.join("main.db"), &main_key(data));
    for (path, key) in org_files(data) {
        bytes.extend(file(&path, &key));
    }
    bytes
}

fn unwrap(data: &Path, owner: &str, wrapped: &[u8]) -> [u8; 32] {
    let kek = Kek::read_file(&data.join("smartretro.key")).unwrap();
    let name = install(data)["id"].as_str().unwrap().to_owned();
    let place = KeyPlace { install: &name, owner, version: 1, purpose: Purpose::File };
    *kek.unwrap(&place, wrapped).unwrap().reveal()
}

fn install(data: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(data.join("install.json")).unwrap()).unwrap()
}

fn main_key(data: &Path) -> [u8; 32] {
    unwrap(data, "main of a sandbox", &hex::decode(install(data)["main"]["file"].as_str().unwrap()).unwrap())
}

/// Each organisation's file with its key.
fn org_files(data: &Path) -> Vec<(PathBuf, [u8; 32])> {
    let keys = org_keys(&data.join("main.db"), &main_key(data));
    keys.into_iter().map(|(owner, wrapped)| (data.join("orgs").join(format!("{owner}.db")), unwrap(data, &owner, &wrapped))).collect()
}

/// The ids of all stored messages, read with SQLCipher itself.
pub(crate) fn message_ids(data: &Path) -> Vec<String> {
    let mut ids = Vec::new();
    for (path, key) in org_files(data) {
        let connection = open(&path, &key);
        let mut query = connection.prepare("SELECT external_id FROM signal WHERE kind = 'message'").unwrap();
        ids.extend(query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap));
    }
    ids
}

/// What these queries count in the one organisation's file, read with SQLCipher itself.
pub(crate) fn counts(data: &Path, queries: &[&str]) -> Vec<i64> {
    let files = org_files(data);
    let (path, key) = files.first().unwrap();
    let connection = open(path, key);
    queries.iter().map(|query| connection.query_row(query, [], |row| row.get(0)).unwrap()).collect()
}

/// Every leaf of the organisations' audit logs with its detail, oldest first, read with SQLCipher itself.
pub(crate) fn audit_log(data: &Path) -> Vec<(String, String)> {
    let mut log = Vec::new();
    for (path, key) in org_files(data) {
        let connection = open(&path, &key);
        let mut query = connection.prepare("SELECT CAST(leaf AS TEXT), coalesce(detail, '') FROM audit_entry ORDER BY seq").unwrap();
        log.extend(query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap));
    }
    log
}

fn open(path: &Path, key: &[u8; 32]) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256", hex::encode(key))).unwrap();
    connection
}

/// The wrapped keys of the organisations' files, read with SQLCipher itself.
fn org_keys(main: &Path, key: &[u8; 32]) -> Vec<(String, Vec<u8>)> {
    let connection = open(main, key);
    let mut query = connection.prepare("SELECT org_id, wrapped FROM org_key WHERE purpose = 'file'").unwrap();
    let rows = query.query_map([], |row| Ok((uuid::Uuid::from_bytes(row.get(0)?).to_string(), row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn file(path: &Path, key: &[u8; 32]) -> Vec<u8> {
    let cipher = Aes256::new(key.into());
    let database = std::fs::read(path).unwrap();
    let mut bytes = Vec::with_capacity(database.len());
    for (index, page) in database.chunks_exact(PAGE).enumerate() {
        decrypt(&cipher, page, if index == 0 { BLOCK } else { 0 }, &mut bytes);
    }
    assert!(!bytes.is_empty(), "{} is empty", path.display());
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = std::fs::read(log).unwrap_or_default();
    for frame in log.get(WAL_HEADER..).unwrap_or_default().chunks_exact(FRAME_HEADER + PAGE) {
        let number = u32::from_be_bytes(frame[..4].try_into().unwrap());
        decrypt(&cipher, &frame[FRAME_HEADER..], if number == 1 { BLOCK } else { 0 }, &mut bytes);
    }
    bytes
}

/// Cipher block chaining, undone: each block is decrypted and combined with the one before it.
fn decrypt(cipher: &Aes256, page: &[u8], skip: usize, into: &mut Vec<u8>) {
    let end = PAGE - RESERVED;
    let mut previous: [u8; BLOCK] = page[end..end + BLOCK].try_into().unwrap();
    for block in page[skip..end].chunks_exact(BLOCK) {
        let mut plain = Block::<Aes256>::try_from(block).unwrap();
        cipher.decrypt_block(&mut plain);
        into.extend(plain.iter().zip(previous).map(|(byte, before)| byte ^ before));
        previous = block.try_into().unwrap();
    }
}
