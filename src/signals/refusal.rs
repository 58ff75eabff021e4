//! Why something was not taken. Counted by reason, never with content.

use super::words;

words! {
    /// The reason why a delivery that was properly signed was not kept.
    Refusal {
        /// A conversation between two people, or a person and an app.
        DirectMessage = "direct_message",
        /// A conversation of a few named people.
        GroupMessage = "group_message",
        /// A private channel: nobody proved that an admin is in it.
        PrivateChannel = "private_channel",
        /// A channel shared with another organisation or with guests.
        SharedChannel = "shared_channel",
        /// From another workspace than the one its connection belongs to.
        OtherWorkspace = "other_workspace",
        /// Nothing established the place as a channel of the workspace, or as a repository.
        UnknownPlace = "unknown_place",
        /// The source is not switched on.
        NotSubscribed = "not_subscribed",
        /// Its source is in shadow mode: it would have been kept, was counted instead, and forgotten.
        Shadow = "shadow",
        /// Its author stepped out.
        OptedOut = "opted_out",
        /// This kind of event carries source code, and is never read.
        CarriesCode = "carries_code",
        /// This kind of event is not read.
        KindNotRead = "kind_not_read",
        /// This action or subtype of a kind that is read changes nothing we keep.
        NothingToKeep = "nothing_to_keep",
        /// Chat by a bot.
        BotMessage = "bot_message",
        /// Not an event at all: an interaction, a command, a handshake.
        NotAnEvent = "not_an_event",
        /// Something that a known kind must carry is missing or has the wrong shape.
        Malformed = "malformed",
        /// It claims to have happened more than ten minutes from now, or before any tool that we read existed.
        AbsurdTime = "absurd_time",
        /// It changes something that was deleted before.
        AlreadyGone = "already_gone",
    }
}
