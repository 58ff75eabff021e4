//! What was kept of people who step out goes, from every row.
//!
//! Their own signals are deleted. In the signals of others stands what they are called where a name was kept before anybody
//! knew that it was one, and what stood for them; both become the same word for all.

use crate::base::error::Fault;
use crate::capture::StoredKey;
use crate::capture::redact::Leavers;
use crate::capture::redact::gate::without_query;
use crate::capture::sql::{self, Words};
use crate::people::opt_out::Leaving;
use crate::store::Tx;

/// Takes away everything these people sent, and what names them in what others sent. Answers the keys of what is gone.
pub fn forget(tx: &Tx<'_>, leaving: &Leaving) -> Result<Vec<StoredKey>, Fault> {
    let mut keys = Vec::new();
    for person in &leaving.people {
        keys.extend(sql::keys_of_person(tx, *person)?);
        sql::delete_of_person(tx, *person)?;
    }
    let names = leaving.names.iter().map(|name| name.reveal().clone());
    let leavers = Leavers::new(names.chain(leaving.pseudonyms.iter().cloned()));
    let mut after = 0;
    loop {
        let page = sql::words_after(tx, after)?;
        let Some(last) = page.last() else { return Ok(keys) };
        after = last.id;
        for words in page {
            if let Some(words) = without(&leavers, words) {
                sql::put_words(tx, &words)?;
            }
        }
    }
}

/// The same words without the leavers; `None` where nobody of them is named.
fn without(leavers: &Leavers, mut words: Words) -> Option<Words> {
    let mut is_changed = false;
    for field in [&mut words.text, &mut words.title, &mut words.workflow] {
        if let Some(hidden) = field.as_deref().and_then(|text| leavers.hide(text)) {
            *field = Some(hidden);
            is_changed = true;
        }
    }
    if let Some(hidden) = words.environment.as_deref().and_then(|name| leavers.hide(name)) {
        words.environment = Some(hidden);
        words.url = words.url.as_deref().map(|url| without_query(url).to_owned());
        is_changed = true;
    }
    is_changed.then_some(words)
}
