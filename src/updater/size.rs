//! ConfigMaps that become too large: how much a server takes, how much there is, and how to split it.
//!
//! What they weigh, and how much is taken, is in [`super::load`]. Packing thousands of files to learn how small they
//! get takes seconds, so [`suspects`] finds the ConfigMaps that may be too large by the size of their files alone, and
//! [`check`] packs a sample of such a one first and all of it only when that comes near a limit. Bytes come from whoever
//! asks, by a [`Weigh`].

use std::collections::BTreeMap;

use super::load::{LIMITS, Limit, Load, Weight, is_near};
use super::page::{Page, entry};
use super::placement::{ConfigMapId, Contents, Placement, partition};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    TOO_LARGE = warning "config-map-too-large",
        "the files of a ConfigMap are more than it can hold",
        "The upload is refused as a whole: the ConfigMap keeps its old content, and nobody is told.",
        "pack it or spread it over several";
    NEARLY_FULL = warning "config-map-nearly-full",
        "the files of a ConfigMap are more than four fifths of what it can hold",
        "When it is full uploads are refused as a whole, and nobody is told.",
        "pack it or spread it over several before it is full";
}

/// One file in a ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'p> {
    /// Its key.
    pub key: String,
    /// The file.
    pub path: &'p str,
    /// The position of the entry that takes it.
    pub at: u32,
    /// Whether it is packed.
    pub is_packed: bool,
    /// The size of the file.
    pub size: u64,
}

/// A ConfigMap that may be too large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect<'p> {
    /// One of the places that it is in.
    pub id: ConfigMapId,
    /// What is in it, by key.
    pub items: Vec<Item<'p>>,
    /// What is in it besides and comes from none of the files, by key.
    pub besides: Vec<(String, Weight)>,
}

impl Suspect<'_> {
    /// Whether it may be too large, by the size of its files: packed they are smaller, and escapes can make six bytes of one.
    pub fn may_be_large(&self) -> bool {
        let files = self.items.iter().map(|item| (&*item.key, Weight { value: item.size, request: item.size }));
        let (limit, used) = Load::of(files.chain(self.besides())).tightest();
        let escapes = self.items.iter().filter(|item| !item.is_packed).map(|item| item.size * 6).sum();
        is_near(used, limit.most) || is_near(escapes, LIMITS[1].most)
    }

    fn besides(&self) -> impl Iterator<Item = (&str, Weight)> {
        self.besides.iter().map(|(key, weight)| (&**key, *weight))
    }

    /// The load of all keys, the files having these weights.
    fn load(&self, weights: &[Weight]) -> Load {
        let files = self.items.iter().map(|item| &*item.key).zip(weights.iter().copied());
        Load::of(files.chain(self.besides()))
    }

    /// What there is to say of what is in it besides.
    fn told_besides(&self) -> String {
        let bytes: u64 = self.besides().map(|(_, weight)| weight.value).sum();
        match self.besides.as_slice() {
            [] => String::new(),
            [(key, _)] => format!("; {bytes} bytes are those of {key}, which is no file's"),
            [(key, _), ..] => {
                format!("; {bytes} bytes are those of {} keys that are no file's, {key} among them", self.besides.len())
            }
        }
    }
}

/// The ConfigMaps whose files alone come near a limit; each once, though it may be in many clusters.
pub fn suspects<'p>(
    placement: &Placement,
    contents: &BTreeMap<ConfigMapId, Contents<'p>>,
    size: &dyn Fn(&str) -> u64,
) -> Vec<Suspect<'p>> {
    let mut found: Vec<Suspect<'p>> = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<&Contents<'p>>> = BTreeMap::new();
    for (id, keys) in contents {
        let same_name = by_name.entry(&id.name).or_default();
        if same_name.contains(&keys) {
            continue;
        }
        same_name.push(keys);
        let item = |(key, files): (&String, &Vec<(&'p str, u32)>)| {
            let (path, at) = *files.last()?;
            let is_packed = placement.get(at).is_some_and(|(_, mapping)| mapping.is_packed);
            Some(Item { key: key.clone(), path, at, is_packed, size: size(path) })
        };
        let items: Vec<Item<'p>> = keys.iter().filter_map(item).collect();
        let suspect = Suspect { id: id.clone(), items, besides: Vec::new() };
        if suspect.may_be_large() {
            found.push(suspect);
        }
    }
    found
}

/// Weighs files, packed or not as each asks.
pub type Weigh<'w> = dyn Fn(&[(&str, bool)]) -> Vec<Weight> + Sync + 'w;

/// Of a ConfigMap with packed files so many are packed first.
const SAMPLE: usize = 24;

/// What is wrong with the size of a ConfigMap.
pub fn check(suspect: &Suspect<'_>, placement: &Placement, page: &Page<'_>, weigh: &Weigh<'_>) -> Option<Diagnostic> {
    let items = &suspect.items;
    if items.iter().all(|item| item.is_packed) && !is_near_packed(suspect, weigh) {
        return None;
    }
    let weights = weigh(&asked(items.iter(), |item| item.is_packed));
    let (limit, used) = suspect.load(&weights).tightest();
    let rule = match used > limit.most {
        true => &TOO_LARGE,
        false if is_near(used, limit.most) => &NEARLY_FULL,
        false => return None,
    };
    let (name, keys) = (&suspect.id.name, items.len() + suspect.besides.len());
    let (of, most) = (limit.of, limit.most);
    let rest = match used > most {
        true => format!("{} too many", used - most),
        false => format!("{} are left", most - used),
    };
    let besides = suspect.told_besides();
    let message =
        format!("the ConfigMap {name} has {keys} keys, and {of} {used} of at most {most} bytes: {rest}{besides}");
    let mut largest: Vec<(&Item<'_>, u64)> = items.iter().zip(weights.iter().map(|weight| weight.value)).collect();
    largest.sort_by_key(|(item, value)| (std::cmp::Reverse(*value), item.path));
    let pattern = largest.first().and_then(|(item, _)| placement.get(item.at)).map(|(glob, _)| glob.pattern());
    let mut finding = page.finding(rule, &entry(pattern.unwrap_or_default()), message);
    finding.fix = Some(advice(suspect, &weights, limit, weigh));
    for (item, value) in largest.into_iter().take(5) {
        finding = finding.related(Diagnostic::of_file(item.path, rule.id, format!("{value} bytes of it")));
    }
    Some(finding)
}

/// What is asked of a [`Weigh`] for items.
fn asked<'i, 'p: 'i>(
    items: impl Iterator<Item = &'i Item<'p>>,
    is_packed: impl Fn(&Item<'_>) -> bool,
) -> Vec<(&'i str, bool)> {
    items.map(|item| (item.path, is_packed(item))).collect()
}

/// Whether packed files may come near a limit, going by some of them.
fn is_near_packed(suspect: &Suspect<'_>, weigh: &Weigh<'_>) -> bool {
    let besides = suspect.load(&vec![Weight::default(); suspect.items.len()]);
    let values = estimate(&suspect.items, weigh);
    let load =
        Load { values: besides.values + values, stored: besides.stored + values, request: besides.request + values };
    load.is_near()
}

/// How large all values get, going by some of them; more rather than less.
fn estimate(items: &[Item<'_>], weigh: &Weigh<'_>) -> u64 {
    let mut order: Vec<&Item<'_>> = items.iter().collect();
    order.sort_by_key(|item| (std::cmp::Reverse(item.size), item.path));
    let step = order.len().div_ceil(SAMPLE).max(1);
    // Neither the largest nor the smallest of each step.
    let sample: Vec<&Item<'_>> = order.into_iter().skip(step / 2).step_by(step).collect();
    let sum = |items: &mut dyn Iterator<Item = u64>| items.sum::<u64>();
    let plain = sum(&mut sample.iter().map(|item| item.size)).max(1);
    let packed = sum(&mut weigh(&asked(sample.into_iter(), |_| true)).iter().map(|weight| weight.value));
    let all = sum(&mut items.iter().map(|item| item.size));
    // Files are not all alike.
    let estimate = u128::from(all) * u128::from(packed) * 4 / u128::from(plain) / 3;
    u64::try_from(estimate).unwrap_or(u64::MAX)
}

/// What to do about a ConfigMap with these weights that comes near a limit.
fn advice(suspect: &Suspect<'_>, weights: &[Weight], limit: Limit, weigh: &Weigh<'_>) -> String {
    let items = &suspect.items;
    // Keys and the record of who owns them are not packed: who has too many of them needs more ConfigMaps.
    if items.iter().any(|item| !item.is_packed) && limit.of != LIMITS[2].of {
        let packed = suspect.load(&weigh(&asked(items.iter(), |_| true)));
        if !packed.is_near() {
            return format!("set `gzip: true`: packed, its values take about {} bytes", packed.values);
        }
    }
    let by_branch =
        |item: &Item<'_>| ["ci-operator/config/", "ci-operator/jobs/"].iter().any(|tree| item.path.starts_with(tree));
    let by_branch = items.iter().any(by_branch);
    let fullest = |count: usize| {
        let mut parts = vec![Vec::new(); count];
        for (item, weight) in items.iter().zip(weights) {
            if let Some(part) = parts.get_mut(partition(&item.key, count)) {
                part.push((&*item.key, *weight));
            }
        }
        let loads = parts
            .into_iter()
            .map(|part| Load::of(part).tightest())
            .map(|(limit, used)| (used * 100 / limit.most, used));
        loads.max().unwrap_or_default()
    };
    match (2..=256).map(|count| (count, fullest(count))).find(|(_, (percent, _))| *percent <= 80) {
        Some((count, (_, bytes))) if by_branch => format!(
            "its name follows from the branch, and config-shard-validator refuses to spread it ({count} ConfigMaps, the \
             fullest with {bytes} bytes, would do): remove what no branch needs any more; {}",
            largest_directories(items, weights)
        ),
        Some((count, (_, bytes))) => {
            format!("spread it over {count} ConfigMaps with `partitioned_names`: the fullest then has {bytes} bytes")
        }
        None => "split the largest file: it fills a ConfigMap by itself".to_owned(),
    }
}

/// The directories that a split would begin with.
fn largest_directories(items: &[Item<'_>], weights: &[Weight]) -> String {
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for (item, weight) in items.iter().zip(weights) {
        let directory = item.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        *sizes.entry(directory).or_default() += weight.value;
    }
    let mut sizes: Vec<(&str, u64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|(directory, size)| (std::cmp::Reverse(*size), *directory));
    let largest: Vec<String> =
        sizes.iter().take(3).map(|(directory, size)| format!("{directory} ({size} bytes)")).collect();
    format!("the largest are {}", largest.join(", "))
}
