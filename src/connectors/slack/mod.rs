//! Slack: messages of open channels that an admin switched on. Never a direct or group message.
