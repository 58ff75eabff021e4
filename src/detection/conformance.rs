//! What every detector must hold: see the tests.
