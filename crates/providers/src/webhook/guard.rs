//! The guard: which addresses a webhook may be sent to.
//!
//! In:  the address that somebody wrote, and later the IP address that its name resolves to. Out: yes, or why not.
//! Invariant: nothing that a customer writes makes the till call a machine that the internet cannot call.

use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far messages may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// `https` to addresses of the public internet: what customers write.
    Public,
    /// Any `http` or `https` address: what the operator writes, or allows.
    Anywhere,
}

/// The longest address.
pub const MOST_LETTERS: usize = 2_048;

/// Why an address is not called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("`{0}` is not an address; write it like https://example.com/hooks")]
    Malformed(String),
    #[error("the address begins with {0}; use https")]
    Scheme(String),
    #[error("the address has a user name or password in it; take it out, messages are signed")]
    UserInfo,
    #[error("{0} is not an address of the public internet; use one that is")]
    Private(String),
    #[error("{0} is a name for examples, which is nobody's")]
    Nobody(String),
}

/// Checks an address as it is written. A name is checked again when it is called.
pub fn check(text: &str, reach: Reach) -> Result<Url, AddressError> {
    let malformed = || AddressError::Malformed(text.chars().take(60).collect());
    if text.len() > MOST_LETTERS || text.chars().any(|it| it.is_control() || it.is_whitespace()) {
        return Err(malformed());
    }
    let url = Url::parse(text).map_err(|_| malformed())?;
    match (url.scheme(), reach) {
        ("https", _) | ("http", Reach::Anywhere) => {}
        (scheme, _) => return Err(AddressError::Scheme(scheme.chars().take(20).collect())),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInfo);
    }
    let host = url.host_str().filter(|it| !it.is_empty()).ok_or_else(malformed)?;
    if reach == Reach::Public {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let name = host.trim_end_matches('.');
        let local = name == "localhost" || name.ends_with(".localhost");
        if local || literal.is_ok_and(|it| !is_public(it)) {
            return Err(AddressError::Private(host.to_string()));
        }
    }
    Ok(url)
}

/// Whether a name is reserved so that nobody has it. Source: RFC 2606.
pub fn is_reserved(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or("");
    matches!(last, "example" | "invalid" | "test")
}

/// Whether an IP address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => is_public_v4(it),
        IpAddr::V6(it) => is_public_v6(it),
    }
}

/// What no public machine has: first address and length of the prefix. Source: the registry of RFC 6890.
const SPECIAL: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    !SPECIAL.iter().any(|(first, length)| {
        let first = u32::from(Ipv4Addr::from(*first));
        bits >> (32 - length) == first >> (32 - length)
    })
}

/// Public are the global unicast addresses `2000::/3` without special parts of it, and `64:ff9b::/96`, which stands for
/// an IPv4 address. What wraps an IPv4 address in another way (mapped, 6to4, Teredo) is refused.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let special = match parts[0] {
        0x2001 => parts[1] < 0x200 || parts[1] == 0xdb8,
        0x2002 => true,
        0x3fff => parts[1] < 0x1000,
        _ => false,
    };
    parts[0] & 0xe000 == 0x2000 && !special
}

#[cfg(test)]
mod tests;
