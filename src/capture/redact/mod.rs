//! What is cut out of text before it is kept: code, logs, secrets, names.
