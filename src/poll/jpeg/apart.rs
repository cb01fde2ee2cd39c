//! A picture in AVIF turned by a process of its own: one that breaks off, leaks or never ends hurts nothing.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use imagesize::ImageType;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// The process bounds its own processor time; this is for a machine that gives it little.
const PATIENCE: Duration = Duration::from_secs(60);
/// A JPEG with more bytes helps no reader.
const MOST: u64 = 32 * 1024 * 1024;
/// So much is read of what the process says.
const WORDS: u64 = 1024;

/// Why a picture came to nothing in a process of its own.
#[derive(Debug, thiserror::Error)]
pub(in crate::poll) enum ApartError {
    #[error("no process can be started to turn it")]
    Start(#[source] io::Error),
    #[error("the process does not answer")]
    Pipe(#[source] io::Error),
    #[error("{0}")]
    Refused(String),
    #[error("its process ended with {status}: {words}")]
    Died { status: ExitStatus, words: String },
    #[error("its process was not done after {} seconds", .0.as_secs())]
    Late(Duration),
    #[error("as JPEG it has more than {MOST} bytes")]
    TooLong,
    #[error("what its process wrote is no JPEG")]
    NoJpeg,
}

/// A picture in AVIF as JPEG. When the future is dropped, the process ends.
pub(super) async fn avif_to_jpeg(bytes: &[u8]) -> Result<Vec<u8>, ApartError> {
    let program = this_program().map_err(ApartError::Start)?;
    let mut command = Command::new(program);
    command.arg("avif-to-jpeg");
    answer_of(command, bytes, PATIENCE).await
}

/// This very program, also when its file was replaced by a newer version meanwhile.
fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

/// The JPEG that a command makes of a picture.
async fn answer_of(mut command: Command, picture: &[u8], patience: Duration) -> Result<Vec<u8>, ApartError> {
    command.env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(ApartError::Start)?;
    let (to, from, words) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let give = async {
        // One that ends before it read all says itself why.
        if let Some(mut to) = to {
            let _ = to.write_all(picture).await;
        }
    };
    let work = async { tokio::join!(give, up_to(MOST + 1, from), up_to(WORDS, words), child.wait()) };
    let Ok(((), jpeg, words, status)) = tokio::time::timeout(patience, work).await else {
        return Err(ApartError::Late(patience));
    };
    let (jpeg, words, status) =
        (jpeg.map_err(ApartError::Pipe)?, words.map_err(ApartError::Pipe)?, status.map_err(ApartError::Pipe)?);
    match status.code() {
        _ if jpeg.len() as u64 > MOST => Err(ApartError::TooLong),
        Some(0) if matches!(imagesize::image_type(&jpeg), Ok(ImageType::Jpeg)) => Ok(jpeg),
        Some(0) => Err(ApartError::NoJpeg),
        Some(1) => Err(ApartError::Refused(readable(&words).trim_start_matches("error: ").to_owned())),
        _ => Err(ApartError::Died { status, words: readable(&words) }),
    }
}

async fn up_to(most: u64, from: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        from.take(most).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// What a process said, as a line of a log.
fn readable(words: &[u8]) -> String {
    let text = String::from_utf8_lossy(words).replace(|c: char| c.is_control(), " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a script in the place of our program.
    fn come_of(script: &str, patience: Duration) -> Result<Vec<u8>, ApartError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        runtime.block_on(answer_of(command, &vec![b'x'; 100_000], patience))
    }

    #[test]
    fn what_a_process_does_is_bounded() {
        let jpeg = come_of("cat >&2; printf '\\377\\330\\377\\340 and so on'", PATIENCE).unwrap();
        assert_eq!(jpeg, b"\xff\xd8\xff\xe0 and so on");
        assert!(matches!(come_of("echo '<html>'", PATIENCE), Err(ApartError::NoJpeg)));
        assert!(matches!(come_of("cat /dev/zero", PATIENCE), Err(ApartError::TooLong)));
        let late = come_of("exec sleep 1000", Duration::from_millis(100));
        assert!(matches!(late, Err(ApartError::Late(_))), "{late:?}");
    }

    #[test]
    fn its_words_stay_one_line() {
        let refused = come_of("printf 'error: it is\\n\\033[31m mirrored' >&2; exit 1", PATIENCE).unwrap_err();
        assert_eq!(refused.to_string(), "it is [31m mirrored");
        let died = come_of("echo oh >&2; kill -9 $$", PATIENCE).unwrap_err();
        assert_eq!(died.to_string(), "its process ended with signal: 9 (SIGKILL): oh");
        assert!(matches!(come_of("exit 101", PATIENCE), Err(ApartError::Died { .. })));
    }

    #[test]
    fn it_sees_nothing_of_ours() {
        let seen = come_of("pwd >&2; env >&2; exit 1", PATIENCE).unwrap_err().to_string();
        assert!(seen.starts_with("/ ") && !seen.contains("HOME") && !seen.contains("CARGO"), "{seen}");
    }
}
