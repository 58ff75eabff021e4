//! Organisations, teams, connections and their sources.
