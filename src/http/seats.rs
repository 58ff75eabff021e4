//! Connections: how many there may be, and which one has to go when another comes.
//!
//! Never turns a newcomer away while somebody sits there and says nothing: the one who has waited on its client the longest gives up
//! its seat. So a crowd of slow clients cannot keep out a quick one, not even from the crowd's own address. A request that is being
//! worked on is never cut off.

use crate::http::limits::Limits;
use crate::http::peer::Network;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// All seats of one listener.
#[derive(Debug)]
pub struct Seats {
    most: usize,
    most_per_network: usize,
    room: Mutex<Room>,
}

#[derive(Debug, Default)]
struct Room {
    /// Counts arrivals, so that the oldest is known.
    arrivals: u64,
    taken: HashMap<SocketAddr, Guest>,
    per_network: HashMap<Network, usize>,
}

#[derive(Debug)]
struct Guest {
    arrival: u64,
    network: Network,
    /// What has come over the connection was looked at: until then nobody knows whether it waits for us or we for it.
    is_looked_at: bool,
    /// A request is being worked on; otherwise we wait for the client.
    is_served: bool,
    /// Wakes the connection, to find that its seat is gone.
    waker: Option<Waker>,
}

/// One connection's seat. Dropping it gives it back.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    address: SocketAddr,
    arrival: u64,
}

impl Seats {
    /// Seats within `limits`. Where a proxy stands before us everybody comes from its address, so that networks are not told apart.
    pub fn new(limits: &Limits, is_proxied: bool) -> Self {
        let most_per_network = if is_proxied { limits.connections } else { limits.connections_per_network };
        Self { most: limits.connections, most_per_network, room: Mutex::default() }
    }

    /// A seat for the connection from `address`; `None` where all that this network may have are at work.
    pub fn take(self: &Arc<Self>, address: SocketAddr) -> Option<Seat> {
        let network = Network::of(address.ip());
        let mut room = self.room();
        if room.per_network.get(&network).is_some_and(|taken| *taken >= self.most_per_network) {
            let waiting = room.longest_waiting(|guest| guest.network == network)?;
            room.remove(waiting);
        }
        if room.taken.len() >= self.most {
            let crowd = room.per_network.iter().max_by_key(|(_, taken)| **taken).map(|(network, _)| *network);
            let waiting = room.longest_waiting(|guest| Some(guest.network) == crowd).or_else(|| room.longest_waiting(|_| true))?;
            room.remove(waiting);
        }
        // A connection from the same port can only follow one that ended and was not yet noticed.
        room.remove(address);
        room.arrivals += 1;
        let arrival = room.arrivals;
        room.taken.insert(address, Guest { arrival, network, is_looked_at: false, is_served: false, waker: None });
        *room.per_network.entry(network).or_default() += 1;
        Some(Seat { seats: Arc::clone(self), address, arrival })
    }

    /// Says whether a request of this connection is being worked on.
    pub(super) fn set_served(&self, address: SocketAddr, is_served: bool) {
        if let Some(guest) = self.room().taken.get_mut(&address) {
            guest.is_served = is_served;
        }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn longest_waiting(&self, is_meant: impl Fn(&Guest) -> bool) -> Option<SocketAddr> {
        let waiting = self.taken.iter().filter(|(_, guest)| guest.is_looked_at && !guest.is_served && is_meant(guest));
        waiting.min_by_key(|(_, guest)| guest.arrival).map(|(address, _)| *address)
    }

    fn remove(&mut self, address: SocketAddr) {
        let Some(guest) = self.taken.remove(&address) else { return };
        if let Some(taken) = self.per_network.get_mut(&guest.network) {
            *taken -= 1;
            if *taken == 0 {
                self.per_network.remove(&guest.network);
            }
        }
        if let Some(waker) = guest.waker {
            waker.wake();
        }
    }
}

impl Seat {
    /// Ready once the seat was given to somebody else: then the connection has to be closed. To be asked each time after the connection was looked at.
    pub fn poll_lost(&self, cx: &Context<'_>) -> Poll<()> {
        let mut room = self.seats.room();
        let Some(guest) = room.taken.get_mut(&self.address).filter(|guest| guest.arrival == self.arrival) else {
            return Poll::Ready(());
        };
        guest.is_looked_at = true;
        match &mut guest.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut room = self.seats.room();
        if room.taken.get(&self.address).is_some_and(|guest| guest.arrival == self.arrival) {
            room.remove(self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(connections: usize, connections_per_network: usize) -> Arc<Seats> {
        Arc::new(Seats::new(&Limits { connections, connections_per_network, ..Limits::default() }, false))
    }

    fn from(network: u8, port: u16) -> SocketAddr {
        ([192, 0, 2, network], port).into()
    }

    /// A seat whose connection has been looked at.
    fn sit(seats: &Arc<Seats>, address: SocketAddr) -> Option<Seat> {
        seats.take(address).inspect(|seat| assert!(!is_lost(seat)))
    }

    fn is_lost(seat: &Seat) -> bool {
        seat.poll_lost(&Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_newcomer_takes_the_seat_of_whoever_waited_longest_in_its_own_network() {
        let seats = seats(10, 2);
        let [other, first, second] = [from(1, 1), from(2, 1), from(2, 2)].map(|address| sit(&seats, address).unwrap());
        let third = sit(&seats, from(2, 3)).unwrap();
        assert_eq!([&other, &first, &second, &third].map(is_lost), [false, true, false, false]);
        drop(first);
        assert_eq!(seats.room().per_network[&Network::of(from(2, 1).ip())], 2, "a lost seat is not given back twice");
    }

    #[test]
    fn a_request_at_work_is_never_cut_off() {
        let seats = seats(10, 2);
        let [first, second] = [from(1, 1), from(1, 2)].map(|address| sit(&seats, address).unwrap());
        seats.set_served(from(1, 1), true);
        let third = sit(&seats, from(1, 3)).unwrap();
        assert_eq!([&first, &second, &third].map(is_lost), [false, true, false]);
        seats.set_served(from(1, 3), true);
        assert!(sit(&seats, from(1, 4)).is_none(), "all are at work");
        assert!(sit(&seats, from(2, 1)).is_some(), "another network has seats of its own");
        drop(third);
        assert!(sit(&seats, from(1, 4)).is_some(), "a seat that was given back is free");
    }

    #[test]
    fn nobody_loses_a_seat_before_what_they_sent_was_looked_at() {
        let seats = seats(10, 2);
        let [first, second] = [from(1, 1), from(1, 2)].map(|address| seats.take(address).unwrap());
        assert!(seats.take(from(1, 3)).is_none(), "all have yet to be looked at");
        assert!(!is_lost(&second));
        let third = seats.take(from(1, 3)).unwrap();
        assert_eq!([&first, &second, &third].map(is_lost), [false, true, false]);
    }

    #[test]
    fn where_every_seat_is_taken_the_largest_crowd_makes_room() {
        let seats = seats(4, 3);
        let lone = sit(&seats, from(1, 1)).unwrap();
        let crowd: Vec<Seat> = (1..=3).map(|port| sit(&seats, from(2, port)).unwrap()).collect();
        let late = sit(&seats, from(3, 1)).unwrap();
        assert_eq!([&lone, &crowd[0], &crowd[1], &late].map(is_lost), [false, true, false, false]);
    }

    #[test]
    fn all_of_an_ipv6_subscriber_is_one_network() {
        let seats = seats(10, 1);
        let [first, second] =
            ["[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:1"].map(|address| sit(&seats, address.parse().unwrap()).unwrap());
        assert_eq!([&first, &second].map(is_lost), [true, false]);
        let elsewhere = sit(&seats, "[2001:db8:1:3::1]:1".parse().unwrap()).unwrap();
        assert_eq!([&second, &elsewhere].map(is_lost), [false, false]);
    }
}
