//! The words by which a question is known, in the languages of the lexicon.
//!
//! Never a judgement: each list is closed and says what it is for.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Most words of a start.
pub(super) const START_WORDS_MAX: usize = 5;

/// Words or phrases with commas between them, as one immutable set.
fn set(list: &'static str) -> HashSet<&'static str> {
    list.split(',').map(str::trim).collect()
}

/// First words that ask, in the languages of the lexicon.
pub(super) static STARTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("who, who's, whom, whose, what, what's, when, where, where's, which, why, how, how's, is, are, was, were, am, do, does, \
        did, can, could, would, will, should, shall, may, might, has, have, had, isn't, aren't, wasn't, don't, doesn't, didn't, \
        can't, couldn't, wouldn't, won't, shouldn't, hasn't, haven't, any, anyone, anybody, anything, someone, somebody, wer, wen, \
        wem, wann, wo, wohin, woher, warum, wieso, weshalb, wie, welche, welcher, welches, gibt, kann, könnte, könnt, könnten, \
        können, hat, habt, haben, ist, sind, weiß, weiss, soll, sollen, sollte, sollten, muss, müssen, darf, dürfen, wird, werden, \
        jemand, kennt, braucht, qui, que, quoi, qu'est, quand, où, pourquoi, comment, combien, quel, quelle, quels, quelles, est, \
        a, y, peut, pouvez, peux, pourrait, quelqu'un, avez, as, sait, savez, faut, doit, quién, quien, quiénes, qué, cuándo, \
        cuando, dónde, donde, por, cómo, como, cuál, cual, cuáles, cuánto, hay, puede, pueden, podemos, podría, alguien, sabe, \
        saben, tiene, tienen, es, está, están, hace, debemos, quem, quando, onde, porque, qual, quais, quanto, há, tem, existe, \
        pode, podem, poderia, alguém, sabem, são, vai, vamos, devemos, já")
});

/// Words before the asking start that do not hide it (`ok so what about …`).
pub(super) static LEAD_INS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("so, and, but, or, ok, okay, well, also, then, hi, hey, hello, btw, now, still, question, quick, just, oh, ah, hmm, yes, \
        yeah, sorry, thanks, please, all, team, folks, everyone, guys, in, for, und, oder, aber, hallo, et, mais, bonjour, alors, \
        salut, y, pero, hola, entonces, e, mas, então, oi, olá, bom, dia, <mention>")
});

/// Words that speak to someone or ask for someone.
pub(super) static ADDRESSES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("you, your, you're, you've, u, anyone, anybody, someone, somebody, we, us, our, jemand, ihr, du, euch, wir, vous, \
        quelqu'un, nous, tu, alguien, ustedes, nosotros, alguém, vocês, você, nós")
});

/// Phrases that ask even where the question mark is missing.
pub(super) static ASKING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("anyone know, anyone knows, anybody know, anybody knows, does anyone, does anybody, has anyone, has anybody, did anyone, \
        is anyone else, is there a way, is there any, any idea, any ideas, any suggestions, any recommendations, can anyone, \
        can anybody, can someone, can somebody, could anyone, could someone, could somebody, would anyone, would someone, \
        can you please, could you please, can you print, can you share, can you tell, could you tell, could you share, how do i, \
        how do we, how can i, how can we, how should i, how should we, what is the, what's the, what are the, where can i, \
        where do i, where is the, where are the, which one should, who can, who could, who owns, who knows how, why does the, \
        why is the, do we have, do you know, does somebody, should i, should we, weiß jemand, hat jemand, kann jemand, \
        könnte jemand, kennt jemand, gibt es, wie kann ich, wie kann man, wer kann, wo finde ich, est ce que, quelqu'un sait, \
        quelqu'un peut, comment faire, où est, où se trouve, alguien sabe, alguien puede, cómo puedo, cómo se, dónde está, \
        alguém sabe, alguém pode, como faço, como posso, onde fica, onde está")
});

/// Whole starts that expect no answer: greetings, roll calls, turns of a chair, turns of phrase.
pub(super) static PHATICS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("how are you, how is everyone, how's everyone, how's it going, how is it going, how are things, what's up, what's new, \
        how was your, who's here, who is here, who's around, who is around, anyone here, anyone around, anybody here, \
        anybody around, anyone there, is anyone here, is anyone there, is anyone around, you there, are you there, are you around, \
        are you here, anyone else with, anyone else want, anyone else who, anything else, any other questions, any other items, any other business, \
        any other updates, any other topics, any other thoughts, any other comments, any other news, any questions, \
        any additional questions, any additional items, any additional meeting, any additional comments, shall we start, shall we begin, shall we move, shall we continue, shall we, ready to start, \
        who cares, who knows, why not, what else is new, what could go wrong, what could possibly, what do you expect, \
        how hard can, how cool is, isn't it great, is it just me, is it friday, guess what, you know what, wie geht's, wie geht es, \
        alles klar, noch fragen, comment ça va, ça va, comment allez, des questions, qué tal, cómo están, cómo estás, \
        alguna pregunta, tudo bem, como vai, como estão, alguma pergunta")
});

/// Starts of a guess.
pub(super) static HEDGES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("maybe, perhaps, i guess, i think, i wonder if, i suppose, i assume, probably, could it be, could it also be, might it be, \
        vielleicht, ich glaube, peut être, je pense, quizás, quizá, tal vez, creo que, talvez, acho que")
});

/// First words of a sentence that answers the one before it.
pub(super) static ANSWERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("yes, yeah, yep, no, nope, nah, yup, ja, nein, doch, oui, non, si, sí, sim, não"));

/// What follows a `no` that is no answer.
pub(super) static CLUELESS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("idea, clue, idée, ideia, one, luck, info"));

/// Last words that ask for a yes.
pub(super) static TAGS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("right, correct, true, no, yes, ok, oder, richtig, stimmt's, non, verdad, cierto, certo, né"));

/// First words of a call for a person, answered by presence (`is NAME around?`).
pub(super) static CALLS: LazyLock<HashSet<&str>> = LazyLock::new(|| set("is, are, anyone, who's, ist, seid"));

/// Last words of such a call.
pub(super) static PRESENCES: LazyLock<HashSet<&str>> = LazyLock::new(|| set("around, here, there, awake, online, da, là, ahí, aí"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prefilter::plain::Plain;

    #[test]
    fn each_start_is_written_the_way_messages_are_read() {
        for start in [&*ASKING, &*PHATICS, &*HEDGES].into_iter().flatten() {
            let plain = Plain::of(start);
            let words: Vec<&str> = plain.sentences().flat_map(super::super::plain::Sentence::words).collect();
            assert_eq!(words.join(" "), *start, "can never match");
            assert!(words.len() <= START_WORDS_MAX, "{start:?} is longer than what is looked at");
        }
    }
}
