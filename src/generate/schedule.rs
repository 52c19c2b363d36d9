//! When periodics run that say only `@daily`: spread over the night, by a hash of the job's name.

/// The cron line of a job that runs daily: a minute between 22:00 and 03:59 UTC that its name decides, by the FNV-1
/// hash with 32 bits.
pub fn daily_cron(job: &str) -> String {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let hash = job.bytes().fold(OFFSET, |hash, byte| hash.wrapping_mul(PRIME) ^ u32::from(byte));
    format!("{} {} * * *", hash % 60, (22 + hash % 6) % 24)
}
