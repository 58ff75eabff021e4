//! The machinery of encrypted SQLite; knows no domain table.
