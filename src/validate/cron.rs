//! When a periodic test runs, as text: five or six fields, or a name such as `@daily`.
//!
//! The dialect is that of the scheduler that Prow uses: a sixth field (seconds) may come first, `?` is `*`, names of
//! months and days are allowed, a `TZ=` prefix names the zone. A step of zero makes the reference loop for ever; here
//! it is an error like the others.

use super::duration::check_duration;
use super::names::quoted;

/// The names of the IANA time zone database, sorted, one a line.
const ZONES: &str = include_str!("data/time-zones.txt");

struct Bounds {
    least: u64,
    most: u64,
    names: &'static [&'static str],
}

const SECONDS: Bounds = Bounds { least: 0, most: 59, names: &[] };
const FIELDS: [Bounds; 5] = [
    Bounds { least: 0, most: 59, names: &[] },
    Bounds { least: 0, most: 23, names: &[] },
    Bounds { least: 1, most: 31, names: &[] },
    Bounds {
        least: 1,
        most: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Bounds { least: 0, most: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Whether the text is a schedule; if not, what is wrong with it.
pub fn check_cron(text: &str) -> Result<(), String> {
    let spec = without_zone(text)?;
    if spec.starts_with('@') {
        return check_descriptor(spec);
    }
    let fields: Vec<&str> = spec.split_whitespace().collect();
    let fields = match fields.as_slice() {
        [seconds, rest @ ..] if rest.len() == FIELDS.len() => {
            check_field(seconds, &SECONDS)?;
            rest
        }
        all if all.len() == FIELDS.len() => all,
        _ => return Err(format!("Expected 5 or 6 fields, found {}: {spec}", fields.len())),
    };
    fields.iter().zip(&FIELDS).try_for_each(|(field, bounds)| check_field(field, bounds))
}

fn without_zone(text: &str) -> Result<&str, String> {
    let Some(rest) = text.strip_prefix("TZ=") else { return Ok(text) };
    let Some((zone, spec)) = rest.split_once(' ') else {
        return Err("runtime error: slice bounds out of range [:-1]".to_owned());
    };
    let known = matches!(zone, "" | "UTC" | "Local") || ZONES.lines().any(|name| name == zone);
    if known {
        return Ok(spec.trim());
    }
    let problem = if zone.contains("..") || zone.starts_with(['/', '\\']) {
        "time: invalid location name".to_owned()
    } else {
        format!("unknown time zone {zone}")
    };
    Err(format!("Provided bad location {zone}: {problem}"))
}

fn check_descriptor(spec: &str) -> Result<(), String> {
    match spec {
        "@yearly" | "@annually" | "@monthly" | "@weekly" | "@daily" | "@midnight" | "@hourly" => Ok(()),
        _ => match spec.strip_prefix("@every ") {
            Some(length) => {
                check_duration(length).map_err(|problem| format!("Failed to parse duration {spec}: {problem}"))
            }
            None => Err(format!("Unrecognized descriptor: {spec}")),
        },
    }
}

fn check_field(field: &str, bounds: &Bounds) -> Result<(), String> {
    field.split(',').filter(|range| !range.is_empty()).try_for_each(|range| check_range(range, bounds))
}

/// Checks `N`, `N-M` or either with `/STEP`.
fn check_range(range: &str, bounds: &Bounds) -> Result<(), String> {
    let parts: Vec<&str> = range.split('/').collect();
    let ends: Vec<&str> = parts.first().copied().unwrap_or_default().split('-').collect();
    let (first, mut last) = match ends.as_slice() {
        ["*" | "?", ..] => (bounds.least, bounds.most),
        [only] => {
            let value = number_or_name(only, bounds)?;
            (value, value)
        }
        [first, last] => (number_or_name(first, bounds)?, number_or_name(last, bounds)?),
        [first, ..] => {
            number_or_name(first, bounds)?;
            return Err(format!("Too many hyphens: {range}"));
        }
        [] => return Ok(()),
    };
    let step = match parts.as_slice() {
        [_] => 1,
        [_, step] => {
            if ends.len() == 1 {
                last = bounds.most;
            }
            number(step)?
        }
        _ => return Err(format!("Too many slashes: {range}")),
    };
    if first < bounds.least {
        return Err(format!("Beginning of range ({first}) below minimum ({}): {range}", bounds.least));
    }
    if last > bounds.most {
        return Err(format!("End of range ({last}) above maximum ({}): {range}", bounds.most));
    }
    if first > last {
        return Err(format!("Beginning of range ({first}) beyond end of range ({last}): {range}"));
    }
    if step == 0 {
        return Err(format!("Step of range should be a positive number: {range}"));
    }
    Ok(())
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u64, String> {
    match bounds.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        Some(position) => Ok(bounds.least + position as u64),
        None => number(text),
    }
}

fn number(text: &str) -> Result<u64, String> {
    let refused = |problem: &str| {
        Err(format!("Failed to parse int from {text}: strconv.Atoi: parsing {}: {problem}", quoted(text)))
    };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return refused("invalid syntax");
    }
    match text.parse::<i64>() {
        Err(_) => refused("value out of range"),
        Ok(number) => u64::try_from(number).map_err(|_| format!("Negative number ({number}) not allowed: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good() {
        for text in [
            "* * * * *",
            "0 0 1 jan Sun",
            "*/5 1-2 ? * MON-FRI",
            "1,2,,3 0 1/2 * *",
            "30 0 0 1 1 0",
            "@daily",
            "@every 1h",
            "TZ=Europe/Prague 0 0 * * *",
            "TZ= @hourly",
            "+5 0 * * *",
            "*-9-9 0 * * *",
        ] {
            assert_eq!(check_cron(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn bad() {
        for (text, problem) in [
            ("", "Expected 5 or 6 fields, found 0: "),
            ("@DAILY", "Unrecognized descriptor: @DAILY"),
            ("60 * * * *", "End of range (60) above maximum (59): 60"),
            ("* * 0 * *", "Beginning of range (0) below minimum (1): 0"),
            ("5-1 * * * *", "Beginning of range (5) beyond end of range (1): 5-1"),
            ("1-2-3 * * * *", "Too many hyphens: 1-2-3"),
            ("*/1/2 * * * *", "Too many slashes: */1/2"),
            ("*/0 * * * *", "Step of range should be a positive number: */0"),
            ("*/-1 * * * *", "Negative number (-1) not allowed: -1"),
            ("-1 * * * *", "Failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax"),
            ("TZ=UTC", "runtime error: slice bounds out of range [:-1]"),
            ("TZ=../x * * * * *", "Provided bad location ../x: time: invalid location name"),
            ("TZ=Nowhere * * * * *", "Provided bad location Nowhere: unknown time zone Nowhere"),
        ] {
            assert_eq!(check_cron(text), Err(problem.to_owned()), "{text}");
        }
    }
}
