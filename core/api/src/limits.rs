//! How much one may ask: requests a second of one person or address, and wrong tokens a minute from one address.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use zhengai_service::config::ServeSettings;

/// After so many requests those are forgotten who have not asked for long.
const FORGET: u64 = 4096;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Person(String),
    Address(IpAddr),
}

/// What everybody may ask.
pub(crate) struct Limits {
    requests: DefaultKeyedRateLimiter<Counted>,
    failures: DefaultKeyedRateLimiter<IpAddr>,
    asked: AtomicU64,
}

impl Limits {
    pub(crate) fn new(settings: &ServeSettings) -> Self {
        let count = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(count(settings.requests_per_second)).allow_burst(count(settings.burst));
        let failures = Quota::per_minute(count(settings.failures_per_minute));
        Self {
            requests: RateLimiter::keyed(requests),
            failures: RateLimiter::keyed(failures),
            asked: AtomicU64::new(0),
        }
    }

    /// One more request of a person.
    pub(crate) fn person(&self, name: &str) -> Result<(), u64> {
        self.count(Counted::Person(name.to_owned()))
    }

    /// One more request of nobody in particular.
    pub(crate) fn address(&self, address: IpAddr) -> Result<(), u64> {
        self.count(Counted::Address(whole(address)))
    }

    /// One more wrong token. The seconds after which the next may be tried, when there were too many.
    pub(crate) fn failure(&self, address: IpAddr) -> Result<(), u64> {
        self.failures
            .check_key(&whole(address))
            .map_err(|until| seconds(until.wait_time_from(DefaultClock::default().now())))
    }

    fn count(&self, who: Counted) -> Result<(), u64> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET == FORGET - 1 {
            self.requests.retain_recent();
            self.failures.retain_recent();
        }
        self.requests.check_key(&who).map_err(|until| seconds(until.wait_time_from(DefaultClock::default().now())))
    }
}

fn seconds(time: std::time::Duration) -> u64 {
    time.as_secs() + 1
}

/// The part of an address that stands for one place: all of version 4, the network of version 6.
fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [one, two, three, four, ..] = six.segments();
            IpAddr::from([one, two, three, four, 0, 0, 0, 0])
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;
    use zhengai_service::config::{Config, ServeSettings};

    fn settings() -> ServeSettings {
        let flags = [("serve.requests_per_second", "1"), ("serve.burst", "2"), ("serve.failures_per_minute", "2")];
        let flags: Vec<_> = flags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Config::load(std::path::Path::new("nowhere"), &Default::default(), &flags).expect("settings").serve()
    }

    #[test]
    fn who_asks_too_much_is_told_when_to_come_back_and_others_are_not_touched() {
        let limits = Limits::new(&settings());
        assert!(limits.person("wang").is_ok() && limits.person("wang").is_ok());
        assert!(limits.person("wang").is_err_and(|seconds| (1..=2).contains(&seconds)));
        assert!(limits.person("li").is_ok());
    }

    #[test]
    fn a_network_of_version_six_counts_as_one_place() {
        let limits = Limits::new(&settings());
        let at = |text: &str| text.parse().expect("an address");
        assert!(limits.failure(at("2001:db8::1")).is_ok() && limits.failure(at("2001:db8::2")).is_ok());
        assert!(limits.failure(at("2001:db8::3")).is_err());
        assert!(limits.failure(at("2001:db9::3")).is_ok());
    }
}
