//! The hub's own metrics, read as any monitoring would read them.

use std::{collections::BTreeMap, time::Duration};

use crate::failure::Outcome;

/// One reading: name with labels → value.
#[derive(Debug, Clone, Default)]
pub struct Reading(BTreeMap<String, f64>);

/// Reads a hub's metrics.
#[derive(Debug, Clone)]
pub struct Meter {
    client: reqwest::Client,
    url: String,
}

impl Meter {
    /// A reader of the hub at `url`.
    pub fn new(url: &str) -> Outcome<Self> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build()?;
        Ok(Self { client, url: format!("{url}/metrics") })
    }

    /// Reads now.
    pub async fn read(&self) -> Outcome<Reading> {
        let text = self.client.get(&self.url).send().await?.error_for_status()?.text().await?;
        Ok(Reading::parse(&text))
    }
}

impl Reading {
    fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.filter_map(|line| line.rsplit_once(' ')).filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
    }

    /// The sum over all labels of a metric.
    pub fn sum(&self, name: &str) -> f64 {
        let is_it = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'));
        self.0.iter().filter(|(key, _)| is_it(key)).map(|(_, value)| value).sum()
    }

    /// Mean of a histogram since an earlier reading, in its own unit.
    pub fn mean_since(&self, before: &Self, name: &str) -> f64 {
        let delta = |suffix: &str| self.sum(&format!("{name}_{suffix}")) - before.sum(&format!("{name}_{suffix}"));
        delta("sum") / delta("count").max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_summed_and_longer_names_left_out() {
        let reading = Reading::parse("# TYPE a counter\na{x=\"1\"} 2\na{x=\"2 3\"} 3\na_b 9\n");
        assert!((reading.sum("a") - 5.0).abs() < 1e-9);
    }
}
