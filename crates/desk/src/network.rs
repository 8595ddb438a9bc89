//! Networks: from where a key may be used, and whose word about a caller's address is taken.
//!
//! In:  texts such as `10.0.0.0/8`. Out: networks, and whether an address lies in one.
//! Invariant: no bit beyond the length is set; an IPv4 address that is wrapped in IPv6 is the IPv4 address.

use ipnet::{IpNet, Ipv6Net};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no network: write an address, or one and a length behind which no bit is set, such as 203.0.113.0/24"
)]
pub struct NetworkError(String);

impl Network {
    /// Whether `address` lies in it.
    pub fn has(self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether all of `other` lies in it.
    pub fn holds(self, other: Network) -> bool {
        self.0.contains(&other.0)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Network, NetworkError> {
        let wrong = || NetworkError(text.chars().take(60).collect());
        let (address, length) = text.split_once('/').map_or((text, None), |(it, length)| (it, Some(length)));
        let first = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let network = match length {
            Some(length) => IpNet::new(first, length.parse().map_err(|_| wrong())?).map_err(|_| wrong())?,
            None => IpNet::from(first),
        };
        if network == network.trunc() { Ok(Network(network)) } else { Err(wrong()) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The bits of an IPv6 address that name a network of one site. Source: RFC 4291, 2.5.4; RFC 6177.
const SITE: u8 = 64;

/// From where somebody comes, as far as that tells one site from another: of IPv6 the first 64 bits, since whoever has one such
/// address has all others that begin so too. What is no address stays as it is.
pub fn site(address: &str) -> String {
    match address.parse::<IpAddr>().map(|it| it.to_canonical()) {
        Ok(IpAddr::V6(it)) => Ipv6Net::new_assert(it, SITE).trunc().to_string(),
        Ok(it @ IpAddr::V4(_)) => it.to_string(),
        Err(_) => address.to_string(),
    }
}

/// Networks that are parted by spaces or commas. Errors: the first that is none.
pub fn all(text: &str) -> Result<Vec<Network>, NetworkError> {
    let parts = text.split(|it: char| it.is_whitespace() || [',', '，'].contains(&it));
    parts.filter(|it| !it.is_empty()).map(str::parse).collect()
}

/// Networks as one text, parted by spaces.
pub fn text(all: &[Network]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
