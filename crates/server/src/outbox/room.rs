//! Room: which of the messages that are due may be on their way at one time.
//!
//! In:  what is due, what is on its way, which endpoints failed last. Out: what may go too.
//! Invariant: pure. The cloud, operators and customers have room of their own; no customer takes more than a share of it;
//! an endpoint that failed gets one message at a time, in a room where it holds up only others that failed.

use billing::endpoint::Owner;
use std::collections::{HashMap, HashSet};
use store::messages::{DUE_OF_ENDPOINT, DueMessage};
use units::EndpointId;

/// Whose messages share room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Cloud,
    Operators,
    Customers,
}

/// How the last attempt at an endpoint went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Health {
    Sound,
    Ailing,
}

/// Where a message may find room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Room {
    whose: Whose,
    health: Health,
}

impl Room {
    /// How many messages have room at one time.
    const fn size(self) -> usize {
        match (self.whose, self.health) {
            (Whose::Cloud | Whose::Operators, Health::Sound) => 16,
            (Whose::Cloud | Whose::Operators, Health::Ailing) => 8,
            (Whose::Customers, Health::Sound) => 48,
            (Whose::Customers, Health::Ailing) => 16,
        }
    }

    /// What one owner may have of it.
    const fn of_owner(self) -> usize {
        match (self.whose, self.health) {
            (Whose::Cloud | Whose::Operators, Health::Sound | Health::Ailing) => self.size(),
            (Whose::Customers, Health::Sound) => 8,
            (Whose::Customers, Health::Ailing) => 4,
        }
    }

    /// What one endpoint may have of it.
    const fn of_endpoint(self) -> usize {
        match self.health {
            Health::Sound => DUE_OF_ENDPOINT,
            Health::Ailing => 1,
        }
    }
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct To {
    pub endpoint: EndpointId,
    pub owner: Owner,
}

/// What is on its way.
#[derive(Debug, Default)]
pub struct Traffic {
    rooms: HashMap<Room, usize>,
    endpoints: HashMap<EndpointId, usize>,
    shares: HashMap<(Room, Owner), usize>,
}

impl Traffic {
    /// The traffic of what is `flying`.
    pub fn of(flying: impl Iterator<Item = To>, ailing: &HashSet<EndpointId>) -> Traffic {
        let mut traffic = Traffic::default();
        flying.for_each(|it| traffic.add(it, ailing));
        traffic
    }

    fn add(&mut self, to: To, ailing: &HashSet<EndpointId>) {
        let room = room(to, ailing);
        *self.rooms.entry(room).or_default() += 1;
        *self.shares.entry((room, to.owner)).or_default() += 1;
        *self.endpoints.entry(to.endpoint).or_default() += 1;
    }

    fn has_room(&self, to: To, ailing: &HashSet<EndpointId>) -> bool {
        let room = room(to, ailing);
        let below = |most: usize, count: Option<&usize>| count.copied().unwrap_or(0) < most;
        below(room.size(), self.rooms.get(&room))
            && below(room.of_owner(), self.shares.get(&(room, to.owner)))
            && below(room.of_endpoint(), self.endpoints.get(&to.endpoint))
    }

    /// Those of `due` that may go too, in their order.
    pub fn admitted(mut self, due: Vec<DueMessage>, ailing: &HashSet<EndpointId>) -> Vec<DueMessage> {
        let mut admitted = Vec::new();
        for it in due {
            let to = To { endpoint: it.endpoint, owner: it.owner };
            if self.has_room(to, ailing) {
                self.add(to, ailing);
                admitted.push(it);
            }
        }
        admitted
    }
}

fn room(to: To, ailing: &HashSet<EndpointId>) -> Room {
    let health = if ailing.contains(&to.endpoint) { Health::Ailing } else { Health::Sound };
    let whose = match to.owner {
        Owner::Cloud => Whose::Cloud,
        Owner::Operator => Whose::Operators,
        Owner::Account(_) => Whose::Customers,
    };
    Room { whose, health }
}

#[cfg(test)]
mod tests;
