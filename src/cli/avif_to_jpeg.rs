//! `newsriver avif-to-jpeg`: what the service starts for each picture in AVIF. Not for people, hence in no help.

use super::Failure;
use crate::poll;

/// Turns the picture that comes in.
pub(super) fn run() -> Result<bool, Failure> {
    poll::avif_to_jpeg(std::io::stdin().lock(), std::io::stdout().lock()).map_err(Failure::new)?;
    Ok(true)
}
