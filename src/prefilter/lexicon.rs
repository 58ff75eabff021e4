//! The words that point at a condition of the team's work, by family, with their points.
//!
//! Set by hand in this version: a family's points say how often its words meant such a condition when conversations were
//! read, not how loud they sound. Never a word that judges a person. A phrase stands in one row only.

use super::kind::Kind;

/// Phrases that mean the same condition.
pub(super) struct Family {
    /// The feature's name in an explanation.
    pub(super) name: &'static str,
    /// What the words point at; `None` for words that only say that something hurts, whatever it is.
    pub(super) kind: Option<Kind>,
    /// Thousandths for the first message that holds one of the phrases.
    pub(super) first: i32,
    /// Thousandths for each further message, up to [`MESSAGES_MAX`].
    pub(super) further: i32,
    /// Phrases with commas between them: lower-case words with one space between them, hyphens as spaces; a last `*` lets
    /// the last word go on.
    pub(super) phrases: &'static str,
}

/// Messages of a window that count for one family: a word said four times is not four times as telling.
pub(super) const MESSAGES_MAX: i32 = 3;

pub(super) static FAMILIES: &[Family] = &[
    // Delivery.
    Family {
        name: "waiting",
        kind: Some(Kind::Delivery),
        first: 140,
        further: 50,
        phrases: "waiting on, waiting for review*, waiting for someone, waiting for approval, waiting for access, \
            waiting for an answer, waiting for a reply, we are waiting, we're waiting, still waiting, been waiting, \
            have to wait for, had to wait, wait on, blocked by, blocked on, i'm blocked, we're blocked, is blocked, are blocked, \
            blocking us, blocker, blockers, held up, hold up, holding up, can't proceed, cannot proceed, can't move forward, \
            depends on someone, no response from, no reply from, haven't heard back, not heard back, unstuck, stuck on, is stuck, \
            are stuck, got stuck, gets stuck, warte auf, warten auf, wartet auf, warten noch, blockiert, hängt an, hängt fest, \
            keine antwort von, en attente de, j'attends, on attend, bloqué, bloquée, bloqués, toujours pas de réponse, esperando a, \
            esperando por, a la espera, bloqueado, bloqueada, bloqueados, sin respuesta, aguardando, à espera, esperando pelo, \
            esperando pela, parado por, sem resposta",
    },
    Family {
        name: "review_wait",
        kind: Some(Kind::Delivery),
        first: 200,
        further: 60,
        phrases: "needs review, need review, needs a review, need a review, needs another review, needs reviews, need reviews, \
            needs reviewing, need reviewing, needs reviewers, need reviewers, no reviewer, no reviewers, nobody reviewed, \
            no one reviewed, nobody reviews, hasn't been reviewed, haven't been reviewed, not been reviewed, not reviewed, \
            unreviewed, only reviewer, more eyes, eyes on, additional review, additional reviews, time to review, review backlog, \
            review queue, pending review, pending reviews, awaiting review, waiting for review, waiting on review, up for review, \
            slow reviews, reviews take, review takes, review hell, reviews are slow, open prs, open pull requests, prs open, \
            pull requests open, stale pr, stale prs, stale pull request, old pr, old prs, older pr, older prs, oldest pr, \
            oldest prs, can someone review, could someone review, can anyone review, someone to review, anyone to review, \
            please review, not merged yet, hasn't been merged, haven't been merged, still not merged, still unmerged, unmerged, \
            prs are piling, piling up, pr has been open, prs have been open, been sitting, merge conflict, merge conflicts, \
            review fehlt, kein review, offene prs, en attente de revue, pas de relecteur, revue en attente, pendiente de revisión, \
            pendientes de revisión, falta revisar, aguardando revisão, falta revisão, sem revisão",
    },
    Family {
        name: "overload",
        kind: Some(Kind::Delivery),
        first: 120,
        further: 50,
        phrases: "overloaded, overwhelmed, swamped, short handed, understaffed, spread thin, stretched thin, too much on our plate, \
            no bandwidth, don't have the bandwidth, don't have time, doesn't have time, didn't have time, barely has the time, \
            has no time, have no time, no time to, not enough time, not enough people, not enough hands, not enough reviewers, \
            too few people, lack of manpower, lack of resources, lack of time, as much free time, much time these days, manpower, \
            backlog, falling behind, additional maintainer, backup maintainer, more maintainers, need more people, need more help, \
            too many issues, too many prs, too many tickets, too many open, buried, keine zeit, zu viele tickets, überlastet, \
            unterbesetzt, débordé, débordés, pas le temps, surchargé, sin tiempo, no damos abasto, sobrecargado, sobrecargados, \
            sem tempo, sobrecarregado, sobrecarregados",
    },
    Family {
        name: "late",
        kind: Some(Kind::Delivery),
        first: 120,
        further: 50,
        phrases: "delayed, delays, delay the, delaying, postponed, postpone, pushed back, behind schedule, running late, overdue, \
            slipping, slips, missed the deadline, miss the deadline, missed deadline, deadline, deadlines, stalled, stalling, \
            on hold, no progress, not much progress, little progress, not making progress, taking forever, takes forever, \
            took forever, taking too long, takes too long, longer than expected, longer than planned, long overdue, verzögert, \
            verzögerung, verspätet, liegt seit, dauert zu lange, en retard, retardé, reporté, prend trop de temps, retrasado, \
            retraso, con retraso, tarda demasiado, aplazado, atrasado, atraso, adiado, demora demais",
    },
    // Build and tests.
    Family {
        name: "build_broken",
        kind: Some(Kind::Ci),
        first: 230,
        further: 70,
        phrases: "build is broken, build broken, broken build, broke the build, breaks the build, breaking the build, build is red, \
            build is failing, builds are failing, build fails, builds fail, build failed, builds failed, build failure, \
            build failures, failing build, failing builds, failed build, failed builds, doesn't compile on, does not build, \
            doesn't build, won't build, can't build master, master is broken, main is broken, master is red, main is red, \
            trunk is broken, ci is broken, ci is red, ci is failing, ci fails, ci failed, ci failing, ci failure, ci failures, \
            ci is down, travis is, travis fail*, jenkins is, jenkins fail*, circleci fail*, appveyor fail*, pipeline is broken, \
            pipeline is red, pipeline fails, pipeline failed, pipeline is failing, pipelines are failing, workflow fails, \
            workflow is failing, workflows are failing, actions are failing, nightly fail*, nightlies fail*, build ist kaputt, \
            build kaputt, pipeline ist rot, pipeline rot, build schlägt fehl, build est cassé, build cassé, la ci est cassée, \
            la ci échoue, le build échoue, build roto, falla el build, falla la ci, el pipeline falla, build quebrado, \
            build quebrou, a ci falhou, pipeline quebrou, pipeline falhou",
    },
    Family {
        name: "tests_failing",
        kind: Some(Kind::Ci),
        first: 180,
        further: 60,
        phrases: "tests are failing, test is failing, tests are now failing, tests fail, tests failed, tests failing, test failure, \
            test failures, test fails, failing test, failing tests, failed test, failed tests, tests are broken, broken tests, \
            tests are red, test suite fails, checks failed, checks are failing, failing checks, check is failing, untested, \
            not tested, nobody tested, no tests, lack of tests, missing tests, test coverage, tests schlagen fehl, tests rot, \
            les tests échouent, tests cassés, fallan los tests, fallan las pruebas, testes falhando, testes falham, \
            testes quebrados",
    },
    Family {
        name: "flaky",
        kind: Some(Kind::Ci),
        first: 220,
        further: 80,
        phrases: "flaky, flake, flakes, flakey, flakiness, intermittent, intermittently, fails randomly, failing randomly, \
            random failure, random failures, randomly fail*, sometimes fails, sometimes passes, fails sometimes, \
            fails sporadically, sporadic, sporadically, non deterministic failure, rerun the, re run the job, re run the build, \
            re run ci, retry the build, retried the build, restart the build, restarted the build, restarted the job, \
            passes locally, pass locally, works locally but, works on my machine, green locally, wackelig, wackelige, instabil, \
            instable, intermitente, intermitentes, aleatoriamente",
    },
    Family {
        name: "ci_slow",
        kind: Some(Kind::Ci),
        first: 230,
        further: 60,
        phrases: "ci is slow, ci takes, ci is taking, slow ci, build takes, builds take, build is slow, builds are slow, \
            slow build, slow builds, build time, build times, tests take, test suite takes, slow tests, pipeline takes, \
            slow pipeline, queue for ci, waiting for ci, waiting on ci, runners are busy, no runners, ci dauert, build dauert, \
            la ci est lente, build lento, ci lenta",
    },
    // Releases and running systems.
    Family {
        name: "outage",
        kind: Some(Kind::Release),
        first: 220,
        further: 70,
        phrases: "the incident, an incident, post incident, unresponsive, not responding, kicked off of, outage, outages, is down, \
            are down, went down, was down, were down, goes down, been down, server down, site down, downtime, is offline, \
            went offline, is unavailable, was unavailable, is unreachable, post mortem, postmortem, data loss, lost data, \
            data lost, lost all, prod is, production is, broke production, broke prod, on call, pager, paged, emergency release, \
            exploit, security hole, ausfall, ist down, ausgefallen, störung, panne, en panne, hors service, est tombé, caído, \
            caída, se cayó, fora do ar, caiu, indisponível",
    },
    Family {
        name: "release",
        kind: Some(Kind::Release),
        first: 180,
        further: 60,
        phrases: "release is delayed, release was delayed, delay the release, delayed release, postpone the release, \
            release blocker, release blockers, blocks the release, blocking the release, block the release, before the release, \
            failed release, release failed, bad release, botched, release more often, release early, follow up release, \
            bugfix release, bugfix releases, point release, another release, hotfix, hotfixes, hot fix, rollback, roll back, \
            rolled back, rolling back, deploy failed, deploy fails, deployment failed, deployment fails, failed deploy, \
            failed deployment, failed deployments, deploy is broken, deployment is broken, unstable release, unstable software, \
            release schedule, release process, release cycle, not ready for release, missed the release, didn't make the release, \
            zurückgerollt, release verschoben, deployment fehlgeschlagen, déploiement échoué, déploiement a échoué, \
            livraison repoussée, falló el despliegue, despliegue fallido, deploy falhou, implantação falhou",
    },
    // Ownership and decisions.
    Family {
        name: "owner_unclear",
        kind: Some(Kind::Ownership),
        first: 230,
        further: 70,
        phrases: "who owns, who is responsible, who's responsible, who is in charge, who's in charge, who decides, \
            who is supposed to, who's supposed to, who is handling, who's handling, who is working on, who's working on, \
            who is going to, who's going to, who will take, who takes care, who takes over, who maintains, whose job, \
            whose responsibility, not sure who, not sure whose, no idea who, don't know who, no one owns, nobody owns, no owner, \
            without an owner, no maintainer, unmaintained, nobody is working on, no one is working on, nobody wants to, \
            no one wants to, someone needs to, someone should, somebody should, somebody needs to, fell through the cracks, \
            falls through the cracks, wer ist zuständig, wer kümmert sich, wer entscheidet, niemand zuständig, qui est responsable, \
            qui s'occupe, qui décide, personne ne s'occupe, quién es responsable, quién se encarga, quién decide, nadie se encarga, \
            quem é responsável, quem cuida, quem decide, ninguém cuida",
    },
    Family {
        name: "decision_unclear",
        kind: Some(Kind::Ownership),
        first: 110,
        further: 40,
        phrases: "unclear, not clear, isn't clear, wasn't clear, not sure whether we, not sure if we should, confusing, confusion, \
            confused about, still confused, contradict*, conflicting, no decision, need to decide, needs to decide, \
            needs a decision, need a decision, have to decide, haven't decided, not decided, hasn't been decided, undecided, \
            can't decide, cannot decide, was decided, did we decide, what did we decide, no consensus, reach consensus, \
            rough consensus, can't agree, don't agree, didn't agree, disagree*, what's the plan, what is the plan, no plan, \
            prioritise, prioritize, scope creep, not a requirement, out of scope, changed our mind, changed the plan, \
            up in the air, should we merge, whether to merge, whether we must, unklar, nicht entschieden, nicht klar, \
            keine entscheidung, pas clair, pas de décision, pas décidé, flou, no está claro, sin decidir, sin decisión, \
            não está claro, sem decisão, indefinido",
    },
    // Rework.
    Family {
        name: "revert",
        kind: Some(Kind::Rework),
        first: 150,
        further: 50,
        phrases: "a regression, regression in, regression from, regressions in, is a regression, this regression, \
            caused a regression, revert, reverted, reverting, reverts, regressed, back out, backed out, backing out, undo the, \
            reverse the commit, zurückgenommen, rückgängig, régression, régressions, revenir en arrière, regresión, regresiones, \
            revertir, regressão, reverter, revertido",
    },
    Family {
        name: "broke",
        kind: Some(Kind::Rework),
        first: 130,
        further: 50,
        phrases: "broke, broken by, broken since, broken after, still broken, is broken again, broken again, breaks everything, \
            breaking change, breaking changes, backward incompatible, used to work, worked before, worked fine before, \
            worked yesterday, stopped working, no longer work, no longer works, not working anymore, doesn't work anymore, \
            since the update, since the upgrade, after the update, after the upgrade, after upgrading, after updating, \
            since the last release, geht nicht mehr, funktioniert nicht mehr, seit dem update, ne marche plus, ne fonctionne plus, \
            depuis la mise à jour, ya no funciona, dejó de funcionar, parou de funcionar, não funciona mais, desde a atualização",
    },
    Family {
        name: "redone",
        kind: Some(Kind::Rework),
        first: 190,
        further: 60,
        phrases: "redo, redoing, redone, re do, starting over, from scratch again, have to re run, had to re run, need to re run, \
            rerun everything, re run everything, rewrite it again, lost work, lost my work, work was lost, got deleted, \
            were deleted, was deleted, accidentally deleted, accidentally removed, overwritten, overwrote, scrubbed off, \
            got scrubbed, duplicate work, duplicated work, duplicated effort, duplicate effort, duplication of work, \
            duplication of effort, same work twice, done twice, working on the same, superset of, overlapping prs, wasted effort, \
            wasted work, in vain, doppelte arbeit, doppelt gemacht, nochmal machen, umsonst, refaire, travail perdu, en double, \
            rehacer, trabajo perdido, trabajo duplicado, refazer, retrabalho, trabalho perdido, trabalho duplicado",
    },
    // Tools, environments, documentation.
    Family {
        name: "environment",
        kind: Some(Kind::Tooling),
        first: 110,
        further: 50,
        phrases: "having trouble, have trouble, running into issues, ran into issues, having issues, having problems, can't log in, \
            cannot log in, can't login, can't connect, can't access, cannot access, unable to access, unable to connect, \
            unable to log, unable to spawn, unable to launch, can't seem to, no access to, lost access, timed out, times out, \
            timing out, timeout, timeouts, keeps crashing, keeps dying, keeps failing, kernel died, out of memory, disk full, \
            disk is full, out of disk, quota, over quota, oversubscribed, over subscribed, environment conflict, \
            dependency conflict, dependency hell, version mismatch, broken environment, environment setup, setup is, \
            hard to set up, painful to set up, install fails, installation fails, really slow, very slow, super slow, \
            extremely slow, painfully slow, so slow, too slow, slower than, unusable, hangs, keine verbindung, kein zugriff, \
            zu langsam, stürzt ab, pas accès, trop lent, plante, sin acceso, no puedo acceder, demasiado lento, muy lento, \
            sem acesso, não consigo acessar, muito lento",
    },
    Family {
        name: "docs",
        kind: Some(Kind::Tooling),
        first: 150,
        further: 50,
        phrases: "undocumented, not documented, isn't documented, no documentation, lack of documentation, missing documentation, \
            poorly documented, well documented, needs documentation, need documentation, better documentation, docs are, \
            documentation is, documentation needs, update the docs, update the documentation, document this, should document, \
            documented anywhere, documented somewhere, nowhere documented, outdated docs, stale docs, nicht dokumentiert, \
            undokumentiert, doku fehlt, doku veraltet, pas documenté, documentation manquante, obsolète, sin documentar, \
            sin documentación, desactualizado, desactualizada, não documentado, sem documentação",
    },
    Family {
        name: "friction",
        kind: Some(Kind::Tooling),
        first: 100,
        further: 40,
        phrases: "pain point, pain in the, a pain to, a pain, painful, annoying, annoyance, frustrating, frustration, tedious, \
            cumbersome, clunky, arduous, awkward, hassle, headache, nightmare, brittle, fragile, error prone, hacky, manual step, \
            manual steps, by hand every, umständlich, mühsam, nervig, pénible, fastidieux, engorroso, tedioso, molesto, trabalhoso, \
            chato de",
    },
    // Knowledge.
    Family {
        name: "knowledge_gap",
        kind: Some(Kind::Knowledge),
        first: 180,
        further: 60,
        phrases: "only person who, only one who knows, the only one who, only he knows, only she knows, only they know, \
            nobody knows, no one knows, no one remembers, nobody remembers, bus factor, single point of failure, single maintainer, \
            tribal knowledge, institutional knowledge, knowledge transfer, handover, hand over, hand off, handoff, \
            historical reasons, before i joined, before my time, the rationale, who wrote, whoever wrote, legacy, don't know why, \
            not sure why we, don't remember why, do you recall how, can't remember how, don't remember how, don't recall, \
            forgot how, what was the reason, why did we, why do we, why is it that we, where is that documented, nur eine person, \
            weiß keiner, niemand weiß, kopfmonopol, personne ne sait, le seul à, la seule à, nadie sabe, el único que, \
            la única que, ninguém sabe, o único que, a única que",
    },
    Family {
        name: "asked_again",
        kind: Some(Kind::Knowledge),
        first: 200,
        further: 60,
        phrases: "same question, asked before, asked this before, asked again, been asked, keep asking, keeps asking, \
            keep getting asked, frequently asked, came up before, comes up again, came up again, comes up often, keeps coming up, \
            discussed before, discussed this before, discussed already, already discussed, had this discussion, \
            this discussion again, happened a while ago, as i said before, i've said before, gleiche frage, schon gefragt, \
            schon mal gefragt, même question, déjà demandé, misma pregunta, ya preguntado, mesma pergunta, já perguntaram",
    },
    // Process.
    Family {
        name: "meetings",
        kind: Some(Kind::Process),
        first: 120,
        further: 50,
        phrases: "no meeting, is there a meeting, is there meeting, meeting today, miss the meeting, missed the meeting, \
            late to the meeting, skip the meeting, cancel the meeting, too many meetings, meeting schedule, regular schedule, \
            regular meeting, reschedule, rescheduled, daylight saving, forgot the meeting, forgot about the meeting, meeting ran, \
            ran over, out of time, no agenda, where is everyone, off topic, stay on topic, side discussion, kein meeting, \
            meeting verpasst, zu viele meetings, trop de réunions, réunion annulée, demasiadas reuniones, muitas reuniões",
    },
    Family {
        name: "communication",
        kind: Some(Kind::Process),
        first: 180,
        further: 60,
        phrases: "stick to the schedule, threw a wrench, throws a wrench, hadn't known about, communication, miscommunication, \
            misunderstood, wasn't aware, weren't aware, not aware, was not aware, nobody told, no one told, wasn't told, \
            weren't told, wasn't informed, not informed, out of the loop, didn't know about, didn't know that we, first i heard, \
            heads up next time, last minute, too late, at the last, rushed, lost in the noise, gets lost, got lost, buried under, \
            duplicate discussion, feedback loop, code of conduct, good faith, bad faith, gatekeeping, bikeshed*, controversial, \
            heated, drama, flame war, missverständnis, wusste nicht dass, nicht informiert, kommunikation, malentendu, \
            pas au courant, communication manque, malentendido, no sabía que, no me enteré, comunicación, mal entendido, \
            não sabia que, comunicação",
    },
    Family {
        name: "way_of_working",
        kind: Some(Kind::Process),
        first: 140,
        further: 50,
        phrases: "our process, process is broken, no process, new process, merge policy, policies, review process, guidelines, \
            code style, coding style, style guide, conventions, approval process, sign off, voting, vote on, no vote, ack, acks, \
            nack, definition of done, retro, retrospective, sprint, lessons learned, next time we, in the future we should, \
            unser prozess, ablauf, notre processus, nuestro proceso, nosso processo",
    },
    // What went well.
    Family {
        name: "worked_well",
        kind: Some(Kind::Positive),
        first: 200,
        further: 60,
        phrases: "worked well, works really well, went well, went smoothly, went really well, great teamwork, great team work, \
            good teamwork, kudos, well done everyone, great job everyone, nice work everyone, good job everyone, \
            great work everyone, much better now, much faster now, much faster than before, way faster, huge improvement, \
            big improvement, saved us, saves us, saved a lot of time, saves a lot of time, we should keep, keep doing, \
            really helped us, no more flaky, finally fixed, lief gut, gut gelaufen, super teamarbeit, viel besser, viel schneller, \
            bien passé, beaucoup mieux, bon travail d'équipe, funcionó bien, salió bien, mucho mejor, buen trabajo equipo, \
            funcionou bem, correu bem, deu certo, muito melhor, bom trabalho equipe",
    },
    // Words that say that something hurts, whatever it is.
    Family {
        name: "others_too",
        kind: None,
        first: 150,
        further: 60,
        phrases: "same here, me too, same problem, same issue, same error, anyone else see*, anyone else have, anyone else having, \
            anyone else get*, anyone else encounter*, does anyone else, is anyone else, has anyone else, have others, \
            others are seeing, i'm also seeing, i'm seeing this too, also seeing this, seeing this too, seeing the same, \
            happened to me, happens to me too, several people, multiple people, few people have, everyone is having, \
            geht mir auch so, bei mir auch, gleiches problem, noch jemand, pareil ici, même problème, d'autres ont, a mí también, \
            mismo problema, alguien más, aqui também, mesmo problema, mais alguém",
    },
    Family {
        name: "again",
        kind: None,
        first: 100,
        further: 40,
        phrases: "yet again, again and again, over and over, every time, every single time, keeps happening, happening again, \
            happened again, happens again, still happening, still no, still hasn't, still haven't, still failing, always have to, \
            for weeks, for days, for months, for a while now, in weeks, in months, last few weeks, past few weeks, \
            past couple of weeks, since last week, since last month, a long time, second time, third time, nth time, schon wieder, \
            immer wieder, jedes mal, seit wochen, seit tagen, encore une fois, à chaque fois, depuis des semaines, toujours pas, \
            otra vez, una y otra vez, cada vez, desde hace semanas, de novo, outra vez, toda vez, há semanas, faz semanas",
    },
    Family {
        name: "cost",
        kind: None,
        first: 160,
        further: 50,
        phrases: "waste of time, wasted time, wasting time, waste time, waste everyone's time, wasted hours, wasted a day, cost us, \
            costs us, lost a day, lost half a day, took days, took hours, took me days, took me hours, spent days, spent hours, \
            spent all day, spent the whole day, hours of, support work, spin our wheels, spinning our wheels, slows us down, \
            slowing us down, slow us down, hampers, hampering, gets in the way, zeitverschwendung, zeit verloren, perte de temps, \
            perdu du temps, perdida de tiempo, pérdida de tiempo, perdemos tiempo, perda de tempo, perdemos tempo",
    },
    Family {
        name: "we_should",
        kind: None,
        first: 50,
        further: 40,
        phrases: "we should, we need to, we need, we have to, we must, we could, should we, can we, let's, we can't, we don't have, \
            we'll have to, we will have to, wir sollten, wir müssen, wir brauchen, on devrait, il faut qu'on, nous devons, \
            deberíamos, tenemos que, deveríamos, temos que, precisamos",
    },
    Family {
        name: "how_to",
        kind: None,
        first: -110,
        further: -40,
        phrases: "how do i, how can i, how to, how would i, how should i, is there a way to, is there any way to, \
            is it possible to, what is the best way to, what's the best way to, can i use, i am trying to, i'm trying to, \
            trying to use, i want to, i am new to, i'm new to, i'm a beginner, newbie, noob, any example, any examples, tutorial, \
            any tutorial, hi all, hi guys, hey guys, hello everyone, hi everyone, hi folks, hello all, wie kann ich, comment faire, \
            cómo puedo, como posso, como faço",
    },
    Family {
        name: "thanks",
        kind: None,
        first: -30,
        further: -15,
        phrases: "thanks, thank you, thx, ty, cheers, danke, merci, gracias, obrigado, obrigada",
    },
];
