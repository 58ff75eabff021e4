//! Words that only together point somewhere: a part of the team's work, and trouble with it, in one sentence.
//!
//! Why beside the phrases: nobody can list every way to say that reviews are slow, but `review` and `slow` meet in most.

use super::kind::Kind;

/// A part of the team's work.
pub(super) struct Subject {
    /// The feature's name in an explanation: trouble with this part.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether the words alone tell that a team speaks of how it ships, and not someone of their homework.
    pub(super) is_team_work: bool,
    /// Thousandths for the first message in which trouble stands in a sentence with it.
    pub(super) first: i32,
    /// Thousandths for each further message, up to [`super::lexicon::MESSAGES_MAX`].
    pub(super) further: i32,
    /// Thousandths that each message which only names it gives to its kind, and not to the score: what a conversation is about
    /// shows without trouble too.
    pub(super) named: i32,
    /// Words with commas between them, as in [`super::lexicon::Family`].
    pub(super) words: &'static str,
}

pub(super) static SUBJECTS: &[Subject] = &[
    Subject {
        name: "review_trouble",
        kind: Kind::Delivery,
        is_team_work: true,
        first: 120,
        further: 50,
        named: 10,
        words: "pr, prs, pull request, pull requests, patch, patches, merge, merged, merging, mergers, review, reviews, reviewed, \
            reviewing, reviewer, reviewers, code review, code reviews, contributor, contributors, maintainer, maintainers, revue, \
            relecture, relecteur, relecteurs, revisión, revisiones, revisor, revisores, revisão, revisões, pull requests abertos",
    },
    Subject {
        name: "build_trouble",
        kind: Kind::Ci,
        is_team_work: false,
        first: 110,
        further: 40,
        named: 20,
        words: "build, builds, ci, test, tests, test suite, unit tests, pipeline, pipelines, nightly, nightlies, travis, jenkins, \
            github actions, buildbots, linter, pre commit, compile time, integration tests, continuous integration, testsuite, \
            tests unitaires, pruebas, testes",
    },
    Subject {
        name: "release_trouble",
        kind: Kind::Release,
        is_team_work: true,
        first: 110,
        further: 40,
        named: 25,
        words: "release, releases, released, releasing, binaries, deploy, deploys, deployed, deployment, deployments, rollout, tag, \
            tagged, tagging, freeze, production, prod, upgrade, migration, rc, hard fork, hardfork, launch, auslieferung, \
            livraison, déploiement, mise en production, despliegue, lanzamiento, entrega, implantação, lançamento",
    },
    Subject {
        name: "system_trouble",
        kind: Kind::Tooling,
        is_team_work: false,
        first: 50,
        further: 30,
        named: 15,
        words: "server, servers, cluster, website, our site, the site, the hub, login nodes, the queue, the system, infrastructure, \
            infra, network, vpn, environment, environments, installation, onboarding, credentials, access, permissions, account, \
            accounts, license, tooling, umgebung, zugang, serveur, accès, entorno, servidor, acceso, ambiente, acesso",
    },
    Subject {
        name: "docs_trouble",
        kind: Kind::Tooling,
        is_team_work: false,
        first: 90,
        further: 40,
        named: 20,
        words: "documentation, docs, readme, wiki, user guide, instructions, doku, dokumentation, documentación, documentação",
    },
    Subject {
        name: "decision_trouble",
        kind: Kind::Ownership,
        is_team_work: false,
        first: 100,
        further: 40,
        named: 15,
        words: "decision, decisions, decide, decided, plan, plans, roadmap, timeline, requirement, requirements, spec, priority, \
            priorities, proposal, proposals, ownership, responsibility, responsible, milestone, entscheidung, anforderung, \
            anforderungen, décision, exigences, decisión, requisitos, responsable, decisão",
    },
    Subject {
        name: "meeting_trouble",
        kind: Kind::Process,
        is_team_work: true,
        first: 90,
        further: 40,
        named: 15,
        words: "meeting, meetings, standup, stand up, discussion, discussions, communicate, process, processes, policy, consensus, \
            workflow, coordination, coordinate, besprechung, prozess, abstimmung, réunion, réunions, processus, reunión, reuniones, \
            proceso, reunião, reuniões, processo",
    },
];

/// Words of trouble: on their own they say little.
pub(super) const TROUBLE: &str = "stuck, wait, waits, waiting, waited, blocked, blocks, blocking, broken, breaks, breaking, fail, \
    fails, failing, failed, failure, failures, slow, slowly, slower, late, later than, delay, stale, old, older, oldest, pending, \
    unfinished, confused, problem, problems, trouble, lack, lacks, lacking, lacked, missing, missed, nobody, no one, noone, forgot, \
    forgotten, lost, lose, losing, behind, too many, too much, too long, too soon, so many, long time, weeks to, months to, \
    can take weeks, can take months, never, hard to, difficult, pain, mess, messy, hell, wrong, worse, worst, ugly, crap, crappy, \
    unstable, outdated, again, conflict, conflicts, duplicate, duplicated, rushing, urgent, stopped, unfortunately, sadly, worried, \
    worry, wary, concern, concerns, concerned, risk, risky, disagree, hanging around, sitting, ignored, neglected, abandoned, \
    overlap, overlapping, deleted, crash, crashes, crashed, crashing, error, errors, bug, bugs, buggy, regression, regressions, \
    issues with, issue with, too busy, no time, bottleneck, bottlenecks, frustrated, freezes, stress, pressure, not ready, \
    not enough, not yet, not been, hasn't, haven't, can't, cannot, couldn't, won't, doesn't work, does not work, didn't work, \
    not working, isn't working, how long, how many, kaputt, langsam, hängt, wartet, warten, fehler, veraltet, fehlt, niemand, leider, \
    lent, lente, cassé, cassée, retard, manque, personne ne, perdu, erreur, malheureusement, lento, lenta, roto, rota, falta, nadie, \
    perdido, fallo, falla, lamentablemente, atascado, quebrado, quebrada, atrasada, ninguém, perdemos, erro, infelizmente, travado, \
    travada, parado, parada";
