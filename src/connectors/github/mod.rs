//! GitHub: titles, times and states of changes, reviews, runs and deployments. Never code.
