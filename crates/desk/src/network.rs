//! Networks: from where a key may be used, and whose word about a caller's address is taken.
//!
//! In:  texts such as `10.0.0.0/8`. Out: networks, and whether an address lies in one.
//! Invariant: no bit beyond the length is set; an IPv4 address that is wrapped in IPv6 is the IPv4 address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    length: u32,
}

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no network: write an address, or one and a length behind which no bit is set, such as 203.0.113.0/24"
)]
pub struct NetworkError(String);

/// The bits of an address, from the left, and how many it has.
fn bits(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(it) => (u128::from(it.to_bits()) << 96, 32),
        IpAddr::V6(it) => (it.to_bits(), 128),
    }
}

/// The bits beyond the first `length`.
fn beyond(bits: u128, length: u32) -> u128 {
    bits.checked_shl(length).unwrap_or(0)
}

impl Network {
    /// Whether `address` lies in it.
    pub fn has(self, address: IpAddr) -> bool {
        let ((first, kind), (other, same)) = (bits(self.first), bits(address));
        kind == same && (self.length == 0 || (first ^ other) >> (128 - self.length) == 0)
    }

    /// Whether all of `other` lies in it.
    pub fn holds(self, other: Network) -> bool {
        self.length <= other.length && self.has(other.first)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Network, NetworkError> {
        let wrong = || NetworkError(text.chars().take(60).collect());
        let (address, length) = text.split_once('/').map_or((text, None), |(it, length)| (it, Some(length)));
        let first = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let (bits, most) = bits(first);
        let length = length.map_or(Ok(most), |it| it.parse().map_err(|_| wrong()))?;
        match length <= most && beyond(bits, length) == 0 {
            true => Ok(Network { first, length }),
            false => Err(wrong()),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.length)
    }
}

/// Networks that are parted by spaces. Errors: the first that is none.
pub fn all(text: &str) -> Result<Vec<Network>, NetworkError> {
    text.split_whitespace().map(str::parse).collect()
}

/// Networks as one text, parted by spaces.
pub fn text(all: &[Network]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
