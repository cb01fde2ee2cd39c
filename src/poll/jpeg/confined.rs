//! What the process that turns an AVIF picture does: gives up what it does not need, then reads, decodes and writes.

use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{JpegError, avif, written};

/// Processor time in seconds: three times what the largest picture takes.
const SECONDS: u64 = 10;
/// Bytes of memory: more than twice what the largest picture takes in full colour, ten bits and with a mask.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// How much this may give way to other processes (0 to 19).
const NICENESS: i32 = 10;

/// Why a picture came to nothing in its process.
#[derive(Debug, thiserror::Error)]
pub enum ConfinedError {
    /// The system does not let this process be bounded, so nothing is decoded.
    #[error("this process cannot be bounded, so it decodes nothing")]
    Unbounded(#[source] io::Error),
    /// The picture did not come in, or JPEG did not get out.
    #[error("the picture cannot be passed on")]
    Pipe(#[from] io::Error),
    /// The picture cannot be turned.
    #[error(transparent)]
    Picture(#[from] JpegError),
}

/// Reads a picture in AVIF and writes it as JPEG, in a process of its own: it is bounded for good from here on, and
/// opens no file and no connection any more.
pub fn avif_to_jpeg(mut from: impl Read, mut to: impl Write) -> Result<(), ConfinedError> {
    confine().map_err(|problem| ConfinedError::Unbounded(problem.into()))?;
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    let jpeg = written(&avif::raster(&bytes)?)?;
    to.write_all(&jpeg)?;
    Ok(to.flush()?)
}

/// Takes from this process what decoding does not need.
fn confine() -> rustix::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // What `ps` shows.
        rustix::thread::set_name(c"newsriver-avif")?;
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        rustix::thread::set_no_new_privs(true)?;
    }
    // Whoever runs with a lower priority already keeps it.
    let _ = rustix::process::nice(NICENESS);
    // What is open stays so; nothing new is opened: no file, no socket, no process.
    bound(Resource::Core, 0, 0)?;
    bound(Resource::Fsize, 0, 0)?;
    bound(Resource::Nofile, 0, 0)?;
    bound(Resource::Nproc, 0, 0)?;
    bound(Resource::As, MEMORY, MEMORY)?;
    // The signal at the lower one says what it was; the higher one ends a process that does not heed it.
    bound(Resource::Cpu, SECONDS, SECONDS + 1)
}

/// Sets a bound, unless there is a narrower one already.
fn bound(resource: Resource, warned: u64, most: u64) -> rustix::io::Result<()> {
    let narrower = |bound: u64| getrlimit(resource).maximum.map_or(bound, |have| have.min(bound));
    setrlimit(resource, Rlimit { current: Some(narrower(warned)), maximum: Some(narrower(most)) })
}
