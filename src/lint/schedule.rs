//! Schedules that nobody checks, and dates that never come.

use super::filters::raw_tests;
use super::findings::Findings;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::ReleaseBuildConfiguration;
use crate::validate::{check_cron, quoted};

rules! {
    DATE_THAT_NEVER_COMES = warning "date-that-never-comes",
        "a schedule asks for days that no month of it has",
        "The job is never started, and nobody is told.",
        "name days that the months have: 29 at most in February, 30 in April, June, September and November";
    BROKEN_PROMOTION_SCHEDULE = warning "broken-promotion-schedule",
        "promotion.cron is no schedule",
        "Nothing checks it before Prow does, which then refuses the job file that is made of it.",
        "write five fields (0 6 * * 1-5) or a word such as @daily";
}

/// Days and months, as fields of a schedule give them.
const DAYS: (u32, u32) = (1, 31);
const MONTHS: (u32, u32) = (1, 12);
const MONTH_NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// How many days each month has at most.
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Checks the schedules of a config.
pub(super) fn check_schedules(config: &ReleaseBuildConfiguration, out: &mut Findings) {
    for (index, test) in config.tests.iter().enumerate() {
        let place = || KeyPath::root().key("tests").item(index).key("cron");
        check_dates(test.cron.as_deref().unwrap_or_default(), &place, out);
    }
    for (index, test) in raw_tests(config) {
        let place = || KeyPath::root().key("raw_steps").item(index).key("test_step").key("cron");
        check_dates(test.cron.as_deref().unwrap_or_default(), &place, out);
    }
    let Some(promotion) = config.promotion.as_ref().filter(|promotion| !promotion.cron.is_empty()) else { return };
    let place = || KeyPath::root().key("promotion").key("cron");
    match check_cron(&promotion.cron) {
        Ok(()) => check_dates(&promotion.cron, &place, out),
        Err(problem) => {
            let message = format!("{} is no schedule: {problem}", quoted(&promotion.cron));
            out.add(&BROKEN_PROMOTION_SCHEDULE, place(), message);
        }
    }
}

/// Checks that a schedule, if it is one, comes to a date.
pub(super) fn check_dates(cron: &str, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
    if never_comes(cron) {
        out.add(&DATE_THAT_NEVER_COMES, place(), format!("the date of {} never comes", quoted(cron)));
    }
}

fn never_comes(cron: &str) -> bool {
    let cron = cron.strip_prefix("TZ=").and_then(|rest| rest.split_once(' ')).map_or(cron, |(_, rest)| rest);
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [.., days, months, weekdays] = fields.as_slice() else { return false };
    if !matches!(fields.len(), 5 | 6) || days.starts_with(['*', '?']) {
        return false;
    }
    // Days of the month and days of the week are alternatives where both are given.
    let is_any = |field: &str| field.split(',').any(|range| range.starts_with(['*', '?']));
    if !is_any(weekdays) && !is_any(days) {
        return false;
    }
    if check_cron(cron).is_err() {
        return false;
    }
    let (days, months) = (numbers(days, DAYS, &[]), numbers(months, MONTHS, &MONTH_NAMES));
    let Some(first) = days.iter().min() else { return false };
    let length = |month: &u32| LENGTHS.get(*month as usize - 1).copied().unwrap_or(31);
    !months.iter().any(|month| *first <= length(month))
}

/// The numbers that a field of a right schedule stands for.
fn numbers(field: &str, (least, most): (u32, u32), names: &[&str]) -> Vec<u32> {
    let number = |text: &str| match names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        Some(position) => u32::try_from(position).unwrap_or_default() + least,
        None => text.parse().unwrap_or(least).clamp(least, most),
    };
    let mut found = Vec::new();
    for range in field.split(',').filter(|range| !range.is_empty()) {
        let (ends, step) = range.split_once('/').map_or((range, None), |(ends, step)| (ends, Some(step)));
        let (first, last) = match ends.split_once('-') {
            _ if ends.starts_with(['*', '?']) => (least, most),
            Some((first, last)) => (number(first), number(last)),
            None if step.is_some() => (number(ends), most),
            None => (number(ends), number(ends)),
        };
        let step = step.and_then(|step| step.parse().ok()).unwrap_or(1).max(1);
        found.extend((first..=last).step_by(step));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::never_comes;

    #[test]
    fn days_that_no_month_has() {
        for cron in ["0 0 31 2 *", "0 0 30 feb *", "0 0 31 4,6,9,11 *", "0 0 0 31 2 ?", "TZ=UTC 0 0 30,31 2 *"] {
            assert!(never_comes(cron), "{cron}");
        }
        for cron in [
            "0 0 29 2 *",
            "0 0 31 2 1",
            "0 0 31 * *",
            "0 0 1-31 2 *",
            "0 0 31 1-2 *",
            "@daily",
            "0 0 31 2",
            "0 0 32 2 *",
            "0 0 */31 2 *",
            "0 0 31 */2 *",
            "",
            "0 0 31/2 1 *",
        ] {
            assert!(!never_comes(cron), "{cron}");
        }
    }
}
